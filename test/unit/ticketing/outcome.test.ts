import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { close, listen } from '../../../local-aws/servers.ts';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import type { RetryPolicy } from '../../../shared/ticketing/delivery.ts';
import { type OutcomeContext, reportOutcome } from '../../../shared/ticketing/outcome.ts';
import { keyOf } from '../../../shared/ticketing/signature.ts';
import { verifyStandardWebhook } from '../../../shared/ticketing/standard-webhook.ts';
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

function event(type: string, recovery: object = {}, detail: object = {}) {
  const ticket = { system: 'jsm', id: 'HD-1' };
  return {
    version: '0',
    source: 'mfa-self-service',
    'detail-type': type,
    detail: {
      stage: 'prod',
      id: '38719271',
      time: '2026-11-24T08:00:00.000Z',
      result: 'done',
      subject: { userName: 'bob', userId: 'AIDABOB' },
      recovery: { id, state: 'executed', ticket, reason: 'lost', requestedBy: 'ann', ...recovery },
      ...detail,
    },
  };
}

function report(what: unknown, context: Partial<OutcomeContext> = {}): Promise<boolean> {
  const settings = { jira: { name: 'jsm', outcomeUrl }, zendesk: {} };
  return reportOutcome(what, {
    stage: 'prod',
    connections: parseConnections(JSON.stringify(settings)),
    store: { get: async () => undefined },
    secrets: { get: async (name) => (name === 'jira-outcome' ? secrets : []) },
    privateAddresses: true,
    signal: new AbortController().signal,
    retryPolicy: quick,
    ...context,
  });
}

describe('the outcome of a recovery', () => {
  it.each([
    ['MFA Recovery Executed', 'executed'],
    ['MFA Recovery Denied', 'denied'],
    ['MFA Recovery Cancelled', 'cancelled'],
    ['MFA Recovery Expired', 'expired'],
    ['MFA Recovery Failed', 'failed'],
    ['MFA Recovery Objected', 'objected'],
  ])('is reported to the system of its ticket: %s', async (type, state) => {
    expect(await report(event(type, { state }))).toBe(true);
    expect(sent.map(({ body }) => JSON.parse(body))).toEqual([
      {
        type: `recovery.${state}`,
        timestamp: '2026-11-24T08:00:00.000Z',
        data: { recoveryId: id, state, ticket: { system: 'jsm', id: 'HD-1' } },
      },
    ]);
  });

  it('can be verified with the secret for outcomes, and with the previous one', async () => {
    await report(event('MFA Recovery Executed'));
    const [{ headers, body } = { headers: {}, body: '' }] = sent;
    const believedBy = (key: string) =>
      verifyStandardWebhook(webhook(headers, body), [keyOf(key)], Date.now());
    expect(secrets.map(believedBy)).toEqual([true, true]);
    expect(believedBy('local-ticketing-secret')).toBe(false);
  });

  it('keeps its id, but has the time of each attempt', async () => {
    statuses = [500, 503];
    await report(event('MFA Recovery Executed'));
    await report(event('MFA Recovery Executed'));
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual(Array(4).fill('38719271'));
  });

  it.each([
    ['the request for it', event('MFA Recovery Requested', { state: 'requested' })],
    ['an approval', event('MFA Recovery Approved', { state: 'approved' })],
    ['a pass, though its recovery was executed', event('MFA Enrolment Pass Issued')],
    ['the end of a revocation, though its recovery was executed', event('MFA Recovery Revocation Ended')],
    ['that of an agent', event('MFA Recovery Executed', { ticket: { system: 'phone', id: '1' } })],
    [
      'that of a system without an outcome URL',
      event('MFA Recovery Executed', { ticket: { system: 'zendesk', id: '1' } }),
    ],
    [
      'that of a system named by how its webhooks are signed',
      event('MFA Recovery Executed', { ticket: { system: 'jira', id: '1' } }),
    ],
  ])('does not include %s', async (_what, other) => {
    expect(await report(other)).toBe(false);
    expect(sent).toEqual([]);
  });

  it.each([
    ['as the event says', { state: 'denied' }, true],
    ['another one', { state: 'requested' }, false],
    ['not there', undefined, false],
  ])('is reported, if uncertain, when the recovery in the table is %s', async (_how, stored, reported) => {
    const unsure = event('MFA Recovery Denied', { state: 'denied' }, { result: 'incomplete' });
    // biome-ignore lint/suspicious/noExplicitAny: only the state is read
    const store: any = { get: async (recoveryId: string) => (recoveryId === id ? stored : undefined) };
    expect(await report(unsure, { store })).toBe(reported);
    expect(sent).toHaveLength(reported ? 1 : 0);
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
    [
      'an event of another kind',
      { 'detail-type': 'MFA Recovery Executed', detail: { stage: 'prod', id: '1' } },
      'The event is not valid: detail.time, detail.result, detail.recovery',
    ],
    [
      'an id with a dot',
      event('MFA Recovery Executed', {}, { id: 'a.b' }),
      'The event is not valid: detail.id',
    ],
    [
      'an unknown state',
      event('MFA Recovery Executed', { state: 'gone' }),
      'The event is not valid: detail.recovery.state',
    ],
    [
      'one from another stage',
      event('MFA Recovery Executed', {}, { stage: 'test' }),
      'The event is of another stage',
    ],
    [
      'one without a stage',
      event('MFA Recovery Executed', {}, { stage: undefined }),
      'The event is not valid: detail.stage',
    ],
  ])('is not reported for %s, and the error quotes nothing of it', async (_what, other, message) => {
    await expect(report(other)).rejects.toThrow(new Error(message));
    expect(sent).toEqual([]);
  });
});
