import { describe, expect, it } from 'vitest';
import { listMfaDevices } from '../../shared/contract/operations/list-mfa-devices.ts';
import { isMet } from './row.ts';
import { assumedAgainRow, callsRow } from './upstream.ts';
import type { SentRequest } from './upstream-requests.ts';

const sent = (calls: readonly string[], repeated = false): SentRequest => ({
  operation: listMfaDevices.name,
  repeated,
  calls,
  inSequence: calls.length,
});

describe('the upstream calls of an operation', () => {
  it('exclude the AssumeRole for its caller', () => {
    const row = callsRow(listMfaDevices, [sent(['AssumeRole', 'ListMFADevices', 'ListVirtualMFADevices'])]);
    expect(row).toMatchObject({ value: 2, detail: 'ListMFADevices, ListVirtualMFADevices' });
    expect(isMet(row)).toBe(true);
  });

  it('miss their target if the contract does not name one of them', () => {
    const row = callsRow(listMfaDevices, [sent(['ListMFADevices', 'DeleteUser'])]);
    expect(row.detail).toBe('not in the contract: DeleteUser');
    expect(isMet(row)).toBe(false);
  });

  it('miss their target if there are more than the contract names', () => {
    const row = callsRow(listMfaDevices, [sent(Array<string>(4).fill('ListMFADevices'))]);
    expect(row).toMatchObject({ value: 4, figures: { ListMFADevices: 4 } });
    expect(isMet(row)).toBe(false);
  });

  it('are taken from the first request', () => {
    const first = sent(['AssumeRole', 'ListMFADevices']);
    expect(callsRow(listMfaDevices, [sent([], true), first])).toMatchObject({ value: 1 });
  });

  it('are unknown if no request was sent', () => {
    expect(callsRow(listMfaDevices, [])).toMatchObject({ value: undefined });
  });
});

describe('the credentials of a caller', () => {
  it.each([
    { calls: ['ListMFADevices'], value: 0, met: true },
    { calls: ['AssumeRole', 'ListMFADevices'], value: 1, met: false },
  ])('are assumed again $value times for a repeated request: $met', ({ calls, value, met }) => {
    const row = assumedAgainRow([sent(['AssumeRole']), sent(calls, true)]);
    expect(row.value).toBe(value);
    expect(isMet(row)).toBe(met);
  });
});
