import { readFile } from 'node:fs/promises';
import * as z from 'zod/mini';
import { endpointOf } from '../../../typescript/src/index.ts';
import { accountIn } from '../aws/credentials-of.ts';
import { usageFailure } from '../failure.ts';

/** An account of the organisation, and how an auditor gets into it. */
export interface ListedAccount {
  readonly account: string;
  /** The account's number unless the file gives it another name. */
  readonly name: string;
  readonly url: string;
  readonly region?: string | undefined;
  /** A role that the caller assumes; or a profile of the AWS CLI. */
  readonly roleArn?: string | undefined;
  readonly externalId?: string | undefined;
  readonly profile?: string | undefined;
}

const text = (pattern: RegExp, message: string) => z.string().check(z.regex(pattern, message));

const entry = z
  .strictObject({
    account: text(/^\d{12}$/, 'must be twelve digits, in quotes'),
    name: z.optional(text(/^[^\p{Cc}]{1,64}$/u, 'must be 1 to 64 characters on one line')),
    url: z.string(),
    region: z.optional(z.string()),
    roleArn: z.optional(text(/^arn:[\w-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/, 'must be the ARN of a role')),
    externalId: z.optional(text(/^[\w+=,.@:/-]{2,1224}$/, 'must be an external id')),
    profile: z.optional(text(/./, 'must be the name of a profile')),
  })
  .check((context) => {
    const { account, url, region, roleArn, externalId, profile } = context.value;
    const add = (message: string, ...path: string[]) =>
      context.issues.push({ code: 'custom', message, path, input: context.value });
    const unusable = reasonAgainst(url, region);
    if (unusable !== undefined) add(unusable, 'url');
    if ((roleArn === undefined) === (profile === undefined)) add('must have either roleArn or profile');
    if (roleArn === undefined && externalId !== undefined) add('is only for roleArn', 'externalId');
    if (roleArn !== undefined && accountIn(roleArn) !== account) {
      add(`is in another account than ${account}`, 'roleArn');
    }
  });

const file = z.array(entry).check(z.minLength(1, 'must have at least one account'), (context) => {
  for (const key of ['url', 'name'] as const) {
    const seen = new Set<string>();
    for (const [index, { account, [key]: value = account }] of context.value.entries()) {
      const message = `is the same as in an entry before it: ${value}`;
      if (seen.has(value)) context.issues.push({ code: 'custom', message, path: [index, key], input: value });
      seen.add(value);
    }
  }
});

/** Why a URL cannot be an API's. */
function reasonAgainst(url: string, region: string | undefined): string | undefined {
  try {
    endpointOf(url, region);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^url /, '') : String(error);
  }
}

/** Reads the list of accounts. Throws a failure that names each fault with its place. */
export async function loadAccounts(path: string): Promise<readonly ListedAccount[]> {
  const content = await readFile(path, 'utf8').catch((error: Error) => {
    throw usageFailure(`Could not read ${path}: ${error.message}`);
  });
  const { data, error } = file.safeParse(parsed(content, path), { error: messageOf });
  if (data !== undefined) return data.map((one) => ({ ...one, name: one.name ?? one.account }));
  const faults = error.issues.map((issue) => `  ${placeOf(issue.path)}${issue.message}`);
  throw usageFailure(`${path} is not a list of accounts:\n${faults.join('\n')}`);
}

function parsed(content: string, path: string): unknown {
  try {
    return JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageFailure(`${path} is not JSON: ${error instanceof Error ? error.message : 'no reason given'}`);
  }
}

/** Entries are counted from 1, as people do. */
function placeOf([index, ...path]: readonly PropertyKey[]): string {
  return index === undefined
    ? ''
    : `entry ${Number(index) + 1}: ${path.map((key) => `${String(key)} `).join('')}`;
}

function messageOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return `has unknown members: ${issue.keys.join(', ')}`;
  if (issue.code !== 'invalid_type') return undefined;
  return issue.input === undefined ? 'is missing' : `must be ${kinds[issue.expected] ?? issue.expected}`;
}

const kinds: Readonly<Record<string, string>> = {
  array: 'a list, in brackets',
  object: 'an object, in braces',
  string: 'text, in quotes',
};
