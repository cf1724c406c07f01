import { describe, expect, it } from 'vitest';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { auditFields, auditResult } from '../../../shared/events/audit.ts';

const operations = await loadOperations();

describe('the contracts', () => {
  it.each(operations.filter(({ method }) => method !== 'GET'))(
    'name the change that $name makes',
    ({ audit }) => {
      expect(audit).toMatch(/^[a-z]+(-[a-z]+)+$/);
    },
  );

  it.each(operations.filter(({ method }) => method === 'GET'))('have $name change nothing', (operation) => {
    expect(operation.audit).toBeUndefined();
    for (const action of operation.actions) expect(action).toMatch(/^iam:(?:Generate|Get|List)/);
  });
});

describe('the result of a change', () => {
  const none = new Set<string>();
  const some = new Set(['EnableMFADevice']);

  it.each([
    [undefined, some, 'done'],
    [undefined, none, 'unchanged'],
    ['step-up-required', none, 'refused'],
    ['first-device-only', none, 'refused'],
    ['last-device', none, 'refused'],
    ['access-denied', none, 'refused'],
    ['no-active-device', none, 'refused'],
    ['device-in-use', none, 'refused'],
    ['recently-resynchronised', none, 'refused'],
    ['invalid-authentication-code', none, 'refused'],
    ['enrolment-pass-required', none, 'refused'],
    ['enrolment-pass-invalid', none, 'refused'],
    ['separation-of-duties', none, 'refused'],
    ['webhook-refused', none, 'refused'],
    ['recovery-limit', none, 'refused'],
    ['validation-failed', none, undefined],
    ['busy', none, undefined],
    ['throttled', none, undefined],
    ['timeout', none, undefined],
    ['busy', some, 'incomplete'],
    ['timeout', some, 'incomplete'],
    ['internal-error', some, 'incomplete'],
    ['last-device', some, 'incomplete'],
  ] as const)('with the problem %s after %o is %s', (code, changes, result) => {
    expect(auditResult(code, changes)).toBe(result);
  });
});

it('an entry is marked and dated', () => {
  const entry = auditFields({ action: 'tag-device', result: 'done', requestId: 'r', changes: [] });
  expect(entry).toMatchObject({ audit: true, action: 'tag-device', result: 'done', requestId: 'r' });
  expect(entry['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

it('an entry tells of a recovery without evidence, whatever was observed of it', () => {
  const recovery = {
    ...{ id: 'r', state: 'requested', reason: 'lost', userName: 'bob', userId: 'AIDA', requestedBy: 'ann' },
    ticket: { system: 'jira', id: 'HELP-1', url: 'https://tickets.example.com/HELP-1' },
    evidence: 'seen by her manager',
  };
  const entry = auditFields({
    ...{ action: 'request-recovery', result: 'done', requestId: 'r', changes: [] },
    recovery,
  });
  const { evidence, ...told } = recovery;
  expect(entry['recovery']).toEqual({ ...told, ticket: { system: 'jira', id: 'HELP-1' } });
  expect(JSON.stringify(entry)).not.toContain(evidence);
});

it('an entry has no more devices than an event takes, and of each no more than it needs', () => {
  const device = { serialNumber: 'GAHT00000001', addedSinceRequest: true, seed: 'secret' };
  const recovery = { id: 'x', removedDevices: Array.from({ length: 100 }, () => device) };
  const entry = auditFields({
    ...{ action: 'execute-recovery', result: 'done', requestId: 'r', changes: [] },
    recovery,
  });
  const { removedDevices } = Object(entry['recovery']);
  expect(removedDevices).toHaveLength(64);
  expect(removedDevices[0]).toEqual({ serialNumber: 'GAHT00000001', addedSinceRequest: true });
});
