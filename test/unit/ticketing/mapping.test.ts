import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import type { Connection } from '../../../shared/contract/ticketing.ts';
import { isPointer, valueAt } from '../../../shared/lib/json-pointer.ts';
import { requestOf } from '../../../shared/ticketing/mapping.ts';

function connection(settings: object = {}): Connection {
  const [made] = parseConnections(JSON.stringify({ jira: settings }));
  if (made === undefined) throw new Error('no connection');
  return made;
}

const plain = {
  ticket: { id: 'HD-1', url: 'https://tickets.example.com/HD-1' },
  userName: 'bob',
  reason: 'lost',
  deviceIds: ['phone'],
  evidence: 'Showed a badge.',
  requestedBy: 'ann@example.com',
};

/** As sent by Jira. */
const issue = {
  timestamp: 1,
  user: { displayName: 'Ann Smith' },
  issue: {
    id: 10_001,
    key: 'HD-1',
    fields: { customfield_1: 'bob', customfield_2: { value: ' Phone LOST ' }, customfield_3: null },
  },
};
const issueSettings = {
  name: 'jsm',
  fields: {
    'ticket.id': '/issue/key',
    userName: '/issue/fields/customfield_1',
    reason: '/issue/fields/customfield_2/value',
    evidence: '/issue/fields/customfield_3',
    requestedBy: '/user/displayName',
  },
  reasons: { 'Phone lost': 'lost', 'Phone stolen': 'stolen' },
};

function errorsOf(body: unknown, settings?: object) {
  try {
    requestOf(body, connection(settings));
  } catch (error) {
    if (error instanceof Problem && error.code === 'validation-failed') return error.extras.errors;
    throw error;
  }
  throw new Error('was accepted');
}

describe('a ticket', () => {
  it('is read from the fields of a request, and its system is the connected one', () => {
    const body = { ...plain, ticket: { ...plain.ticket, system: 'other' }, more: 1 };
    expect(requestOf(body, connection())).toEqual({ ...plain, ticket: { ...plain.ticket, system: 'jira' } });
  });

  it('is read from the configured fields', () => {
    expect(requestOf(issue, connection(issueSettings))).toEqual({
      ticket: { system: 'jsm', id: 'HD-1' },
      userName: 'bob',
      reason: 'lost',
      requestedBy: 'Ann Smith',
    });
  });

  it('can have a numeric id', () => {
    const settings = { ...issueSettings, fields: { ...issueSettings.fields, 'ticket.id': '/issue/id' } };
    expect(requestOf(issue, connection(settings)).ticket.id).toBe('10001');
  });

  it.each([null, ''])('can leave optional fields as %j', (nothing) => {
    const body = { ...plain, deviceIds: nothing, evidence: nothing, ticket: { id: 'HD-1', url: nothing } };
    const { ticket, deviceIds, evidence } = requestOf(body, connection());
    expect({ ticket, deviceIds, evidence }).toEqual({ ticket: { system: 'jira', id: 'HD-1' } });
  });

  it.each([
    [{ userName: undefined }, '/body/userName', 'is required (userName)'],
    [{ userName: 'bob smith' }, '/body/userName', expect.stringContaining('must be the name of an IAM user')],
    [{ userName: ['bob'] }, '/body/userName', 'must be of type string (userName)'],
    [
      { reason: 'bored' },
      '/body/reason',
      'must be one of lost, stolen, broken, replaced, out_of_sync (reason)',
    ],
    [{ requestedBy: null }, '/body/requestedBy', 'is required (requestedBy)'],
    [{ requestedBy: '' }, '/body/requestedBy', expect.stringContaining('must be 1 to 128 letters')],
    [{ requestedBy: 'ann\nadmin' }, '/body/requestedBy', expect.stringContaining('must be 1 to 128 letters')],
    [{ deviceIds: [] }, '/body/deviceIds', expect.stringContaining('must have at least one id')],
    [{ deviceIds: ['phone', 'a b'] }, '/body/deviceIds/1', expect.stringContaining('must be a device name')],
    [{ deviceIds: 'phone' }, '/body/deviceIds', 'must be of type array (deviceIds)'],
    [{ evidence: 'x'.repeat(1001) }, '/body/evidence', expect.stringContaining('at most 1000 characters')],
    [{ ticket: 'HD-1' }, '/body/ticket/id', 'is required (ticket.id)'],
    [{ ticket: { id: 1.5 } }, '/body/ticket/id', 'must be of type string (ticket.id)'],
    [{ ticket: { id: 'HD 1' } }, '/body/ticket/id', expect.stringContaining('(ticket.id)')],
    [{ ticket: { id: '1', url: 'http://x' } }, '/body/ticket/url', 'must be an https URL (ticket.url)'],
  ])('is refused for %j, and says where', (change, pointer, detail) => {
    expect(errorsOf({ ...plain, ...change })).toEqual([{ pointer, detail }]);
  });

  it('is refused with the configured place of every error', () => {
    const wrong = { issue: { fields: { customfield_2: { value: 'bored' } } } };
    expect(errorsOf(wrong, issueSettings)).toEqual([
      { pointer: '/body/issue/key', detail: 'is required (ticket.id)' },
      { pointer: '/body/issue/fields/customfield_1', detail: 'is required (userName)' },
      {
        pointer: '/body/issue/fields/customfield_2/value',
        detail: 'must be one of Phone lost, Phone stolen (reason)',
      },
      { pointer: '/body/user/displayName', detail: 'is required (requestedBy)' },
    ]);
  });

  it('accepts only its own words for reasons once it has any', () => {
    expect(errorsOf({ ...plain, reason: 'lost' }, { reasons: { Verloren: 'lost' } })).toHaveLength(1);
  });

  it('is mapped or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
        expect(errorsOf(body)?.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('a JSON pointer', () => {
  const document = { a: { 'b/c': { '~d': ['x', { '': 'y' }] } }, '01': 'z' };

  it.each([
    ['/a/b~1c/~0d/0', 'x'],
    ['/a/b~1c/~0d/1/', 'y'],
    ['/01', 'z'],
    ['/a/b~1c/~0d/01', undefined],
    ['/a/b~1c/~0d/-', undefined],
    ['/a/b~1c/~0d/length', undefined],
    ['/a/b~1c/~0d/2', undefined],
    ['/a/nothing/there', undefined],
    ['/01/length', undefined],
    ['/__proto__', undefined],
    ['/constructor/name', undefined],
    ['/a/toString', undefined],
  ])('%s points to %j', (pointer, value) => {
    expect(valueAt(document, pointer)).toEqual(value);
  });

  it('finds every key that it is written for', () => {
    const key = fc.string({ maxLength: 10 });
    fc.assert(
      fc.property(key, key, (one, other) => {
        const pointer = [one, other]
          .map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`)
          .join('');
        const nested = Object.fromEntries([[one, Object.fromEntries([[other, 'found']])]]);
        expect(isPointer(pointer)).toBe(true);
        expect(valueAt(nested, pointer)).toBe('found');
      }),
    );
  });
});
