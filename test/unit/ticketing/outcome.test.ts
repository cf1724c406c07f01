import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import type { RecoveryStore } from '../../../shared/recoveries/ports.ts';
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import type { RetryPolicy } from '../../../shared/ticketing/delivery.ts';
import { type OutcomeContext, type OutcomeEnd, reportOutcome } from '../../../shared/ticketing/outcome.ts';
import { keyOf } from '../../../shared/ticketing/signature.ts';
import { verifyStandardWebhook } from '../../../shared/ticketing/standard-webhook.ts';
import { sampleRecovery } from '../../support/recovery.ts';
import { webhook } from '../../support/webhooks.ts';

const id = 'abcdefghijklmnopqrstuvwxyz';
const secrets = ['whsec_b3V0Y29tZS1zZWNyZXQtb2YtdGhlLXN5c3RlbQ==', 'the-outcome-secret-before-that'];
const sent: { headers: Record<string, string>; body: string }[] = [];
let statuses: number[];
let outcomeUrl: string;
const server = createServer(async (request, response) => {
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  sent.push({ headers: Object.fromEntries(headers), body: (await request.toArray()).join('') });
  response.writeHead(statuses.shift() ?? 200).end();
});

beforeAll(async () => {
  outcomeUrl = await listen(server, 0);
});
beforeEach(() => {
  sent.length = 0;
  statuses = [];
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => close(server));

const quick: RetryPolicy = { attempts: 3, timeoutMillis: 5_000, pauseMillis: 1, longestPauseMillis: 5 };

const ticket = { system: 'jsm', id: 'HD-1' };
const [time, later] = ['2026-11-24T08:00:00.000Z', '2026-11-24T08:00:05.000Z'];

/** An event as `publish-events` hands it on. */
const event = (type: string, detail: object = {}) => ({
  'detail-type': type,
  detail: {
    ...{ stage: 'prod', id: '38719271', time: later, result: 'done' },
    subject: { userName: 'bob', userId: 'AIDABOB' },
    recovery: { id, state: 'executed', ticket, reason: 'lost', requestedBy: 'ann' },
    ...detail,
  },
});

/** A table with this recovery. */
const withRecovery = (facts: Partial<Recovery>): Pick<RecoveryStore, 'get'> => ({
  get: async (wanted) => (wanted === id ? sampleRecovery({ id, ticket, ...facts }) : undefined),
});
const executed = { state: 'executed', executedAt: time } as const;

async function report(what: unknown, context: Partial<OutcomeContext> = {}): Promise<OutcomeEnd> {
  const settings = { jira: { name: 'jsm', outcomeUrl }, zendesk: {} };
  const { end } = await reportOutcome(what, {
    stage: 'prod',
    connections: parseConnections(JSON.stringify(settings)),
    store: withRecovery(executed),
    secrets: { get: async (name) => (name === 'jira-outcome' ? secrets : []) },
    privateAddresses: true,
    signal: new AbortController().signal,
    retryPolicy: quick,
    ...context,
  });
  return end;
}

describe('the outcome of a recovery', () => {
  it.each<[string, Partial<Recovery>]>([
    ['MFA Recovery Executed', { state: 'executed' }],
    ['MFA Recovery Denied', { state: 'denied' }],
    ['MFA Recovery Cancelled', { state: 'cancelled' }],
    ['MFA Recovery Expired', { state: 'expired' }],
    ['MFA Recovery Failed', { state: 'failed' }],
    ['MFA Recovery Objected', { state: 'objected', objectedAt: time }],
  ])('is reported to the system of its ticket: %s', async (type, facts) => {
    const { state } = facts;
    expect(await report(event(type), { store: withRecovery(facts) })).toBe('told');
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      { type: `recovery.${state}`, timestamp: later, data: { recoveryId: id, state, ticket } },
    ]);
  });

  it('is what the table says, not what the event says', async () => {
    const [state, system] = ['approved', 'phone'];
    const recovery = { id, state, ticket: { system, id: 'HD-2' }, reason: 'stolen', requestedBy: 'eve' };
    await report(event('MFA Recovery Executed', { recovery }));
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      type: 'recovery.executed',
      data: { recoveryId: id, state: 'executed', ticket },
    });
  });

  it('that comes late, such as an objection, has the state of now', async () => {
    const store = withRecovery({ ...executed, objectedAt: time });
    expect(await report(event('MFA Recovery Objected'), { store })).toBe('told');
    expect(JSON.parse(sent[0]?.body ?? '')).toMatchObject({
      type: 'recovery.objected',
      data: { state: 'executed' },
    });
  });

  it('can be verified with the secret for outcomes, and with the previous one', async () => {
    await report(event('MFA Recovery Executed'));
    const [{ headers, body } = { headers: {}, body: '' }] = sent;
    const believedBy = (key: string) =>
      verifyStandardWebhook(webhook(headers, body), [keyOf(key)], Date.now());
    expect(secrets.map(believedBy)).toEqual([true, true]);
    expect(believedBy('local-ticketing-secret')).toBe(false);
  });

  it('keeps its id, whichever event tells of it, but has the time of each attempt', async () => {
    statuses = [500, 503];
    await report(event('MFA Recovery Executed'));
    await report(event('MFA Recovery Executed', { id: '4711' }));
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(4).fill(`${id}-executed`));
  });

  it.each([
    ['an agent', { system: 'phone', id: '1' }],
    ['a system without an outcome URL', { system: 'zendesk', id: '1' }],
    ['a system named by how its webhooks are signed', { system: 'jira', id: '1' }],
  ])('is not reported if the ticket is that of %s', async (_whose, other) => {
    const store = withRecovery({ ...executed, ticket: other });
    expect(await report(event('MFA Recovery Executed'), { store })).toBe('no-receiver');
    expect(sent).toEqual([]);
  });

  it.each<[string, Pick<RecoveryStore, 'get'>]>([
    ['not in the table', { get: async () => undefined }],
    ['in another state', withRecovery({ state: 'requested' })],
    ['executed already', withRecovery(executed)],
  ])('is not reported, whoever forged the event, if the recovery is %s', async (_how, store) => {
    expect(await report(event('MFA Recovery Denied'), { store })).toBe('refuted');
    expect(await report(event('MFA Recovery Objected'), { store })).toBe('refuted');
    expect(sent).toEqual([]);
  });

  it('of a change that may not have gone through is reported if it has', async () => {
    const unsure = event('MFA Recovery Denied', { result: 'incomplete' });
    expect(await report(unsure, { store: withRecovery({ state: 'requested' }) })).toBe('undone');
    expect(sent).toEqual([]);
    expect(await report(unsure, { store: withRecovery({ state: 'denied' }) })).toBe('told');
    expect(sent).toHaveLength(1);
  });

  it('fails if no one accepts it, so that Lambda retries later', async () => {
    statuses = [500, 500, 500];
    await expect(report(event('MFA Recovery Executed'))).rejects.toMatchObject({ name: 'NotDelivered' });
  });

  it('is not sent without a secret to sign it', async () => {
    const none = { get: async () => ['short'] };
    await expect(report(event('MFA Recovery Executed'), { secrets: none })).rejects.toThrow('no secret');
    expect(sent).toEqual([]);
  });

  it('goes to a private address only if that is allowed', async () => {
    const refused = report(event('MFA Recovery Executed'), { privateAddresses: false });
    await expect(refused).rejects.toMatchObject({ name: 'ForbiddenAddress' });
    expect(sent).toEqual([]);
  });

  it.each([
    ['nothing', undefined, 'The event is not valid: all of it'],
    ['the request for it', event('MFA Recovery Requested'), 'The event is not valid: detail-type'],
    ['an approval', event('MFA Recovery Approved'), 'The event is not valid: detail-type'],
    ['a pass', event('MFA Enrolment Pass Issued'), 'The event is not valid: detail-type'],
    [
      'the end of a revocation',
      event('MFA Recovery Revocation Ended'),
      'The event is not valid: detail-type',
    ],
    [
      'an event of another kind',
      { 'detail-type': 'MFA Recovery Executed', detail: { stage: 'prod', id: '1' } },
      'The event is not valid: detail.time, detail.result, detail.recovery',
    ],
    [
      'an unknown id',
      event('MFA Recovery Executed', { recovery: { id: '../x' } }),
      'The event is not valid: detail.recovery.id',
    ],
    [
      'one from another stage',
      event('MFA Recovery Executed', { stage: 'test' }),
      'The event is of another stage',
    ],
    [
      'one without a stage',
      event('MFA Recovery Executed', { stage: undefined }),
      'The event is not valid: detail.stage',
    ],
  ])('is not reported for %s, and the error quotes nothing of it', async (_what, other, message) => {
    await expect(report(other)).rejects.toThrow(new Error(message));
    expect(sent).toEqual([]);
  });
});
