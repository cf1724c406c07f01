import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import type { EventBus } from '../event-bus.ts';
import { atLeast, atMost, parseInput } from '../json-input.ts';
import type { Call, Permission } from '../operation.ts';
import type { JsonOperation } from '../protocols/json-protocol.ts';

const maxEntries = 10;
const maxBytes = 256 * 1024;

const entrySchema = z.object({
  Time: z.number().nullish(),
  Source: z.string().nullish(),
  Resources: z.array(z.string()).nullish(),
  DetailType: z.string().nullish(),
  Detail: z.string().nullish(),
  EventBusName: z.string().nullish(),
});

const inputSchema = z.object({
  Entries: z.array(entrySchema).min(1, atLeast(1)).max(maxEntries, atMost(maxEntries)),
});

type Entry = z.output<typeof entrySchema>;
type EntryResult =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** EventBridge: PutEvents on the default bus. Events for other buses get an id but go nowhere. */
export function eventOperations(bus: EventBus): readonly JsonOperation[] {
  return [
    {
      service: 'events',
      targetPrefix: 'AWSEvents',
      name: 'PutEvents',
      prepare(input, call) {
        const { Entries } = parseInput(inputSchema, input);
        return {
          permissions: Entries.map((entry) => permissionOf(entry, call)),
          run: () => putAll(Entries, bus, call),
        };
      },
    },
  ];
}

function permissionOf({ Source, DetailType, EventBusName }: Entry, { account }: Call): Permission {
  return {
    action: 'events:PutEvents',
    resource: busArn(EventBusName ?? 'default', account),
    context: {
      ...(Source && { 'events:source': Source }),
      ...(DetailType && { 'events:detail-type': DetailType }),
    },
  };
}

function busArn(nameOrArn: string, { accountId, region }: Call['account']): string {
  return nameOrArn.startsWith('arn:')
    ? nameOrArn
    : `arn:aws:events:${region}:${accountId}:event-bus/${nameOrArn}`;
}

function putAll(entries: readonly Entry[], bus: EventBus, call: Call) {
  const size = entries.reduce((sum, entry) => sum + sizeOf(entry), 0);
  if (size > maxBytes) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const results = entries.map((entry) => put(entry, bus, call));
  return {
    FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length,
    Entries: results,
  };
}

/** The size as defined in the EventBridge user guide: a time counts as 14 bytes. */
function sizeOf({ Time, Source, DetailType, Detail, Resources }: Entry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), Time == null ? 0 : 14);
}

function put(entry: Entry, bus: EventBus, { account, now }: Call): EntryResult {
  const { Time, Source, DetailType, Detail, Resources, EventBusName } = entry;
  if (!Source) return invalidArgument('Source');
  if (!DetailType) return invalidArgument('DetailType');
  if (!Detail) return invalidArgument('Detail');
  if (Source.toLowerCase().startsWith('aws.')) {
    const ErrorMessage = 'Not authorized for the source.';
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage };
  }
  const detail = parseObject(Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  const isDefault = busArn(EventBusName ?? 'default', account) === busArn('default', account);
  if (!isDefault) return { EventId: randomUUID() };
  const time = Time == null ? now : Time * 1000;
  const EventId = bus.put({
    'detail-type': DetailType,
    source: Source,
    time,
    resources: Resources ?? [],
    detail,
  });
  return { EventId };
}

function invalidArgument(name: string): EntryResult {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

function parseObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
