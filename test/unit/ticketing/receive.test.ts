import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import { Problem } from '../../../shared/contract/problem.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import type { SecretSource } from '../../../shared/ticketing/ports.ts';
import { ticketRequest } from '../../../shared/ticketing/receive.ts';
import { type Signer, signers, webhook, zendeskSigner } from '../../support/webhooks.ts';

const secret = 'local-ticketing-secret';
const ticket = { ticket: { id: 'HD-1' }, userName: 'bob', reason: 'lost', requestedBy: 'ann' };
const connections = parseConnections('{"standard":{},"jira":{"name":"jsm"},"zendesk":{}}');

let logged: string;
beforeEach(() => {
  logged = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    logged += text;
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** The secrets for each maximum age, youngest last; records what was requested. */
function secretSource(secrets: readonly string[], newer = secrets) {
  const asked: (readonly [string, number])[] = [];
  const source: SecretSource = {
    get: async (name, maxAgeMillis) => {
      asked.push([name, maxAgeMillis]);
      return maxAgeMillis > 10_000 ? secrets : newer;
    },
  };
  return { asked, ...source };
}

function received(signer: Signer, key: string, content: unknown = ticket, system: string = signer.system) {
  const text = signer.body(Object(content), Date.now());
  const input = vi.fn(() => ({ body: JSON.parse(text) }));
  return { ...webhook(signer.sign(text, key, Date.now()), text), parameter: () => system, input };
}

describe.each(signers)('a webhook of $system', (signer) => {
  const name = signer.system === 'jira' ? 'jsm' : signer.system;

  it('requests what its ticket says', async () => {
    const secrets = secretSource([secret]);
    const request = await ticketRequest(received(signer, secret), { connections, secrets });
    expect(request).toEqual({ ...ticket, ticket: { system: name, id: 'HD-1' } });
    expect(secrets.asked).toEqual([[signer.system, 300_000]]);
  });

  it('is trusted with the previous secret while that is valid', async () => {
    const secrets = secretSource(['a-new-secret-of-the-system', secret]);
    await expect(ticketRequest(received(signer, secret), { connections, secrets })).resolves.toBeDefined();
  });

  it('is trusted with a secret that has just been added', async () => {
    const secrets = secretSource([secret], ['a-new-secret-of-the-system', secret]);
    const signed = received(signer, 'a-new-secret-of-the-system');
    await expect(ticketRequest(signed, { connections, secrets })).resolves.toBeDefined();
    expect(secrets.asked.map(([, age]) => age)).toEqual([300_000, 10_000]);
  });

  it('is refused in the same way each time, before anything in it is read', async () => {
    const good = received(signer, secret);
    const faults = [
      received(signer, 'the-secret-of-another-system'),
      { ...good, body: Buffer.concat([good.body, Buffer.from(' ')]) },
      { ...good, header: () => undefined },
      received(signer, 'the-secret-of-another-system', 'no object'),
    ];
    const context = { connections, secrets: secretSource([secret]) };
    const details = new Set<string>();
    for (const fault of faults) {
      const problem = await ticketRequest(fault, context).catch((error: unknown) => error);
      if (!(problem instanceof Problem)) throw new Error('was trusted');
      expect(problem.code).toBe('webhook-refused');
      details.add(JSON.stringify([problem.message, problem.extras]));
      expect(fault.input).not.toHaveBeenCalled();
    }
    expect(details.size).toBe(1);
    expect([...details].join()).not.toContain(secret);
  });

  it('tells the audit log its system, and the requester once that is certain', async () => {
    const seenOf = (key: string) =>
      withInvocation(async () => {
        const context = { connections, secrets: secretSource([secret]) };
        await ticketRequest(received(signer, key), context).catch(() => undefined);
        return currentInvocation().webhook;
      });
    expect(await seenOf(secret)).toEqual({ system: name, requestedBy: 'ann' });
    expect(await seenOf('the-secret-of-another-system')).toEqual({ system: name });
  });

  it('is refused if the only secret is too short, which is logged without it', async () => {
    const context = { connections, secrets: secretSource(['0123456789abcde']) };
    const signed = received(signer, '0123456789abcde');
    await expect(ticketRequest(signed, context)).rejects.toMatchObject({ code: 'webhook-refused' });
    expect(logged).toContain('"message":"ticketing secret too short"');
    expect(logged).not.toContain('0123456789abcde');
  });
});

describe('a ticketing system', () => {
  it.each(['jsm', 'servicenow', '', '__proto__', 'JIRA'])(
    'that is not connected is refused, and no secret is looked up: %j',
    async (system) => {
      const secrets = secretSource([secret]);
      const signed = received(zendeskSigner, secret, ticket, system);
      const seen = withInvocation(async () => {
        await expect(ticketRequest(signed, { connections, secrets })).rejects.toMatchObject({
          code: 'ticketing-not-configured',
        });
        return currentInvocation().webhook;
      });
      expect(await seen).toBeUndefined();
      expect(secrets.asked).toEqual([]);
    },
  );

  it('whose secret cannot be read is not trusted', async () => {
    const failure = new Problem('upstream-failed', 'No answer.');
    const secrets: SecretSource = { get: () => Promise.reject(failure) };
    const asked = ticketRequest(received(zendeskSigner, secret), { connections, secrets });
    await expect(asked).rejects.toBe(failure);
  });
});
