import { AwsError, limitExceeded } from './aws-error.ts';

/** With AWS's member names. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

const tagsPerResource = 50;

/**
 * `tags` with `changes` applied, sorted by key. Keys are case-insensitive.
 * Throws InvalidInput or LimitExceeded.
 */
export function withTags(tags: readonly Tag[], changes: readonly Tag[]): readonly Tag[] {
  const byKey = new Map(tags.map((tag) => [tag.Key.toLowerCase(), tag]));
  for (const tag of uniqueTags(changes)) byKey.set(tag.Key.toLowerCase(), tag);
  if (byKey.size > tagsPerResource) throw limitExceeded('TagsPerResource', tagsPerResource);
  return [...byKey.values()].sort((one, other) => (one.Key < other.Key ? -1 : 1));
}

export function withoutTags(tags: readonly Tag[], keys: readonly string[]): readonly Tag[] {
  const removed = new Set(keys.map((key) => key.toLowerCase()));
  return tags.filter((tag) => !removed.has(tag.Key.toLowerCase()));
}

function uniqueTags(tags: readonly Tag[]): readonly Tag[] {
  const reserved = tags.find((tag) => tag.Key.toLowerCase().startsWith('aws:'));
  if (reserved !== undefined) {
    throw new AwsError('InvalidInput', `Tag key ${reserved.Key} is reserved: it must not begin with aws:.`);
  }
  if (new Set(tags.map((tag) => tag.Key.toLowerCase())).size < tags.length) {
    throw new AwsError(
      'InvalidInput',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    );
  }
  return tags;
}

/** The condition keys for a request's tags. */
export function requestTagContext(
  tags: readonly Tag[],
): Readonly<Record<string, string | readonly string[]>> {
  if (tags.length === 0) return {};
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:RequestTag/${Key}`, Value])),
    'aws:TagKeys': tags.map(({ Key }) => Key),
  };
}

/** The condition keys for a resource's tags. */
export function resourceTagContext(tags: readonly Tag[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    tags.flatMap(({ Key, Value }) => [
      [`aws:ResourceTag/${Key}`, Value],
      [`iam:ResourceTag/${Key}`, Value],
    ]),
  );
}
