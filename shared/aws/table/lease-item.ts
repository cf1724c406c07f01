import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { dueWork, tableIndexes } from '../../contract/table.ts';
import type { Creation, Guard, KeyResync, RecentChange, StoredPass, UserRecord } from '../../lease/ports.ts';
import { staleMillis } from '../../lease/staleness.ts';
import { type Attributes, number } from './table.ts';

/** Reads an item. Fails safe: an unreadable guard is still a guard, but an unreadable pass is none. */
export const userRecordOf = (item: Attributes): UserRecord => ({
  guard: guardIn(item['guard']),
  pass: passIn(item['pass']),
  recoveryUnderWay: item['recoveryUnderWay']?.S,
  creations: (item['creations']?.L ?? []).flatMap(creationIn),
  resyncs: (item['resyncs']?.L ?? []).flatMap(resyncIn),
  recent: (item['recent']?.L ?? []).flatMap(changeIn),
});

/** The parts of an update expression that writes the given members and removes those that are undefined. */
export function attributesOf(kept: Partial<UserRecord>) {
  const set: string[] = [];
  const remove: string[] = [];
  const names: Record<string, string> = {};
  const values: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(toAttributes(kept))) {
    names[`#${name}`] = name;
    if (value === undefined) remove.push(`#${name}`);
    else {
      set.push(`#${name} = :${name}`);
      values[`:${name}`] = value;
    }
  }
  return { set, remove, names, values };
}

function toAttributes(kept: Partial<UserRecord>): Readonly<Record<string, AttributeValue | undefined>> {
  const { guard, pass, recoveryUnderWay, creations, resyncs, recent } = kept;
  return {
    ...('guard' in kept && { guard: guard && fromGuard(guard), ...indexed(guard) }),
    ...('pass' in kept && { pass: pass && fromPass(pass) }),
    ...('recoveryUnderWay' in kept && {
      recoveryUnderWay: recoveryUnderWay === undefined ? undefined : { S: recoveryUnderWay },
    }),
    ...(creations && { creations: { L: creations.map(fromCreation) } }),
    ...(resyncs && { resyncs: { L: resyncs.map(fromResync) } }),
    ...(recent && { recent: { L: recent.map(fromChange) } }),
  };
}

/** What puts an item into the index by which guards are found, as long as there is one. IAM's list of holds may lag. */
const indexed = (guard: Guard | undefined) => ({
  [tableIndexes.byDue.partition]: guard && { S: dueWork.guard },
  [tableIndexes.byDue.sort]: guard && {
    S: new Date(guard.checkAfter ?? guard.at + staleMillis).toISOString(),
  },
});

const fromGuard = ({ recoveryId, at, mustRevoke = false, checkAfter }: Guard): AttributeValue => ({
  M: {
    recoveryId: { S: recoveryId },
    at: number(at),
    ...(mustRevoke && { mustRevoke: { BOOL: true } }),
    ...(checkAfter !== undefined && { checkAfter: number(checkAfter) }),
  },
});

const guardIn = (attribute: AttributeValue | undefined): Guard | undefined =>
  attribute && {
    recoveryId: attribute.M?.['recoveryId']?.S ?? '',
    at: Number(attribute.M?.['at']?.N),
    ...(attribute.M?.['mustRevoke'] !== undefined && { mustRevoke: true }),
    ...(attribute.M?.['checkAfter']?.N !== undefined && { checkAfter: Number(attribute.M['checkAfter'].N) }),
  };

const fromPass = ({ recoveryId, hash, expiresAt, serialNumber, wrong }: StoredPass): AttributeValue => ({
  M: {
    recoveryId: { S: recoveryId },
    hash: { S: hash },
    expiresAt: number(expiresAt),
    wrong: number(wrong),
    ...(serialNumber !== undefined && { serialNumber: { S: serialNumber } }),
  },
});

function passIn(attribute: AttributeValue | undefined): StoredPass | undefined {
  const { recoveryId, hash, expiresAt, serialNumber, wrong } = attribute?.M ?? {};
  if (!recoveryId?.S || !hash?.S || !expiresAt?.N || !wrong?.N) return undefined;
  const bound = serialNumber?.S === undefined ? {} : { serialNumber: serialNumber.S };
  return {
    recoveryId: recoveryId.S,
    hash: hash.S,
    expiresAt: Number(expiresAt.N),
    wrong: Number(wrong.N),
    ...bound,
  };
}

const fromChange = ({ serialNumber, active, at }: RecentChange): AttributeValue => ({
  M: { serialNumber: { S: serialNumber }, active: { BOOL: active }, at: number(at) },
});

const changeIn = ({ M: { serialNumber, active, at } = {} }: AttributeValue): RecentChange[] =>
  serialNumber?.S === undefined || active?.BOOL === undefined || at?.N === undefined
    ? []
    : [{ serialNumber: serialNumber.S, active: active.BOOL, at: Number(at.N) }];

const fromCreation = ({ serialNumber, at, pending }: Creation): AttributeValue => ({
  M: { serialNumber: { S: serialNumber }, at: number(at), pending: { BOOL: pending } },
});

const creationIn = ({ M: { serialNumber, at, pending } = {} }: AttributeValue): Creation[] =>
  serialNumber?.S === undefined || at?.N === undefined
    ? []
    : [{ serialNumber: serialNumber.S, at: Number(at.N), pending: pending?.BOOL ?? true }];

const fromResync = ({ serialNumber, at }: KeyResync): AttributeValue => ({
  M: { serialNumber: { S: serialNumber }, at: number(at) },
});

const resyncIn = ({ M: { serialNumber, at } = {} }: AttributeValue): KeyResync[] =>
  serialNumber?.S === undefined || at?.N === undefined
    ? []
    : [{ serialNumber: serialNumber.S, at: Number(at.N) }];
