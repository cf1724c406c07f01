import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { receiveTicket } from '../../../shared/contract/operations/receive-ticket.ts';
import { webhookEndpoint } from '../../../shared/http/webhook.ts';
import { apiEnv, apiEvent, lambdaContext } from '../../support/api-event.ts';

const recoveryId = 'abcdefghijklmnopqrstuvwxyz';
const nobody = { accessKey: null, accountId: null, caller: null, user: null, userArn: null };

beforeEach(() => {
  for (const [name, value] of Object.entries(apiEnv)) vi.stubEnv(name, value);
  vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

type Event = Parameters<typeof apiEvent>[0];

const event = (changes: Event = {}) => {
  const headers = { 'Content-Type': 'application/json', ...changes.headers };
  return apiEvent({
    httpMethod: 'POST',
    path: '/v1/ticketing/jira',
    pathParameters: { system: 'jira' },
    body: '{"a":"ü"}',
    identity: nobody,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([key, value = '']) => [key, [value]])),
    ...changes,
    headers,
  });
};

/** Sends an event to an endpoint that does nothing but look at it. */
async function look<T>(changes: Event, at: (webhook: Parameters<Handle>[0]) => T) {
  let seen: T | undefined;
  const handler = webhookEndpoint(receiveTicket, async (webhook) => {
    seen = at(webhook);
    return { recoveryId };
  });
  const { statusCode, body } = await handler(event(changes), lambdaContext());
  return { seen, statusCode, answer: JSON.parse(body) };
}
type Handle = Parameters<typeof webhookEndpoint<typeof receiveTicket>>[1];

describe('an endpoint of webhooks', () => {
  it('answers whom the gateway does not know', async () => {
    const { statusCode, answer } = await look({}, () => undefined);
    expect({ statusCode, answer }).toEqual({ statusCode: 200, answer: { recoveryId } });
  });

  it.each([
    ['as text', { body: '{"a":"ü"}' }],
    ['in base64', { body: Buffer.from('{"a":"ü"}').toString('base64'), isBase64Encoded: true }],
  ])('has the bytes that were sent, when they come %s', async (_how, changes) => {
    const { seen } = await look(changes, ({ body, input }) => ({ body, input: input().body }));
    expect(seen).toEqual({ body: Buffer.from('{"a":"ü"}'), input: { a: 'ü' } });
  });

  it('looks for headers without case', async () => {
    const { seen } = await look({ headers: { 'X-HUB-Signature': 'x' } }, ({ header }) =>
      ['x-hub-signature', 'x-hub', 'toString'].map(header),
    );
    expect(seen).toEqual(['x', undefined, undefined]);
  });

  it.each([
    ['twice', { 'webhook-id': ['1', '2'] }],
    ['twice with the same value', { 'webhook-id': ['1', '1'] }],
    ['in two spellings', { 'webhook-id': ['1'], 'Webhook-Id': ['1'] }],
  ])('has no value for a header that was sent %s', async (_how, multiValueHeaders) => {
    const { seen } = await look({ multiValueHeaders }, ({ header }) => ({ id: header('webhook-id') }));
    expect(seen).toEqual({ id: undefined });
  });

  const ticketOf = (size: number) => JSON.stringify({ a: 'x'.repeat(size - 8) });

  it('takes long tickets', async () => {
    const { statusCode } = await look({ body: ticketOf(256 * 1024) }, ({ input }) => input());
    expect(statusCode).toBe(200);
  });

  it('does not look at one that is too long', async () => {
    const at = vi.fn();
    expect((await look({ body: ticketOf(256 * 1024 + 1) }, at)).statusCode).toBe(413);
    expect(at).not.toHaveBeenCalled();
  });

  it('does not parse what nobody asked for', async () => {
    const { statusCode, seen } = await look({ body: 'no JSON' }, ({ body }) => body.toString());
    expect({ statusCode, seen }).toEqual({ statusCode: 200, seen: 'no JSON' });
  });

  it.each([
    ['no JSON', { body: 'no JSON' }, 400],
    ['no object', { body: '[]' }, 400],
    ['nothing', { body: null }, 400],
    ['a query', { multiValueQueryStringParameters: { a: ['b'] } }, 400],
    ['an unknown system', { path: '/v1/ticketing/x', pathParameters: { system: 'x' } }, 400],
    ['another media type', { headers: { 'Content-Type': 'text/plain' } }, 415],
  ])('refuses %s once it is parsed', async (_what, changes, status) => {
    const { statusCode } = await look(changes, ({ input }) => input());
    expect(statusCode).toBe(status);
  });

  it.each([
    ['another stage', { requestContext: { stage: 'test-invoke-stage' } }, 403],
    ['another spelling of the path', { path: '/v1/ticketing/jira/' }, 404],
  ])('does not look at what comes by %s', async (_how, changes, status) => {
    const at = vi.fn();
    expect((await look(changes, at)).statusCode).toBe(status);
    expect(at).not.toHaveBeenCalled();
  });

  it('gives up in time', async () => {
    const handler = webhookEndpoint(receiveTicket, async (_webhook, { signal }) => {
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('late'))));
      return { recoveryId };
    });
    expect((await handler(event(), lambdaContext(1_510))).statusCode).toBe(500);
  });

  it('is not to be had for an operation that is signed for AWS', () => {
    expect(() => webhookEndpoint(getMe, async () => Object())).toThrow('get-me takes AWS signatures');
  });
});
