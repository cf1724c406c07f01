import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { close, listen } from '../../local-aws/servers.ts';
import { keyOf } from '../../shared/ticketing/signature.ts';
import { verifyStandardWebhook } from '../../shared/ticketing/standard-webhook.ts';
import { useApi } from '../support/e2e.ts';
import type { Answer } from '../support/http.ts';
import { askForRecovery, bobsLoss, decide, helpDesk } from '../support/recovery-flows.ts';
import { jiraSigner, type Signer, signers, standardSigner, webhook } from '../support/webhooks.ts';

const secret = 'local-ticketing-secret';
const newSecret = 'the-secret-after-the-rotation';
const outcomeSecretOf = (system: string) => `local-outcome-secret-of-${system}`;
/** The system in tickets: Zendesk has another name here. */
const nameOf = ({ system }: Signer) => (system === 'zendesk' ? 'desk' : system);

/** Outcomes reported to the systems. */
const told: { readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
/** How the systems answer. */
let answer = 200;
const receiver = createServer(async (request, response) => {
  told.push({ headers: request.headers, body: (await request.toArray()).join('') });
  response.writeHead(answer).end();
});
const api = useApi(async () => {
  const outcomeUrl = await listen(receiver, 0);
  const zendesk = { name: 'desk', outcomeUrl };
  const Ticketing = JSON.stringify({ standard: { outcomeUrl }, jira: { outcomeUrl }, zendesk });
  return { parameters: { Ticketing, RecoveryDailyLimit: '2' } };
});
afterAll(() => close(receiver));
beforeEach(() => {
  told.length = 0;
  answer = 200;
  const outcomeSecrets = signers.map(({ system }) => outcomeSecretOf(system));
  for (const text of [secret, newSecret, ...outcomeSecrets, Buffer.from(secret).toString('base64')])
    api.secrets.note('ticketing secret', text);
  for (const { system } of signers)
    api.stack.services.secrets.put(secretName(`${system}-outcome`), outcomeSecretOf(system));
});

const bobsTicket = (id: string, changes: object = {}) => ({
  ticket: { id, url: `https://tickets.example.com/${id}` },
  userName: 'bob',
  reason: 'lost',
  evidence: 'Showed their badge, ✓.',
  requestedBy: 'Ann Smith',
  ...changes,
});

/** A signed webhook, to send once or repeatedly. */
function signed(signer: Signer, content: object, { key = secret, at = Date.now() } = {}) {
  const body = signer.body(content, at);
  const headers = { 'Content-Type': 'application/json', ...signer.sign(body, key, at) };
  const send = (sentBody: string | Buffer = body, sentHeaders = headers): Promise<Answer> =>
    api.send('POST', `/v1/ticketing/${signer.system}`, sentHeaders, sentBody);
  return { body, headers, send };
}

const secretName = (name: string) => `mfa-self-service/local/ticketing/${name}`;
const codeOf = (answer: Answer) => [answer.status, answer.json().code];
const auditLines = () =>
  api.stack
    .logText()
    .split('\n')
    .filter((line) => line.includes('"audit":true') && line.includes('request-recovery'))
    .map((line) => JSON.parse(line));

it.each(['', 'GET', 'PUT', 'X'])(
  'a method override by %j leads to no route, as documented',
  async (method) => {
    const headers = { 'X-HTTP-Method-Override': method };
    expect(codeOf(await api.send('POST', '/v1/ticketing/jira', headers))).toEqual([403, 'unauthenticated']);
  },
);

describe.each(signers)('a ticketing system that signs like $system', (signer) => {
  const system = nameOf(signer);

  it('requests a recovery, which approvers see as requested by the person in the ticket', async () => {
    const answer = await signed(signer, bobsTicket('HD-1')).send();
    expect(answer.status, answer.text).toBe(200);
    const { pat } = await helpDesk(api);
    const recovery = (await api.fetch(pat, 'GET', `/v1/recoveries/${answer.json().recoveryId}`)).json();
    expect(recovery).toMatchObject({
      state: 'requested',
      ticket: { system, id: 'HD-1', url: 'https://tickets.example.com/HD-1' },
      userName: 'bob',
      requestedBy: 'Ann Smith',
      evidence: 'Showed their badge, ✓.',
      devices: [{ id: 'phone' }],
    });
  });

  it('may resend a webhook, which requests and counts only once', async () => {
    const hook = signed(signer, bobsTicket('HD-1'));
    const answers = [await hook.send(), await hook.send(), await hook.send()];
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect((await signed(signer, bobsTicket('HD-2')).send()).status).toBe(200);
    expect(codeOf(await signed(signer, bobsTicket('HD-3')).send())).toEqual([429, 'recovery-limit']);
    const other = bobsTicket('HD-3', { requestedBy: 'Abe' });
    expect((await signed(signer, other).send()).status).toBe(200);
  });

  it('cannot request something else with the same ticket', async () => {
    await signed(signer, bobsTicket('HD-1')).send();
    const other = await signed(signer, bobsTicket('HD-1', { reason: 'stolen' })).send();
    expect(codeOf(other)).toEqual([409, 'recovery-exists']);
  });

  it('is refused, without any look-up, if late, altered or signed with another secret', async () => {
    const hook = signed(signer, bobsTicket('HD-1'));
    const changed = Buffer.from(hook.body);
    const last = changed.length - 3;
    changed[last] = (changed[last] ?? 0) ^ 1;
    const answers = [
      await signed(signer, bobsTicket('HD-1'), { at: Date.now() - 310_000 }).send(),
      await signed(signer, bobsTicket('HD-1'), { at: Date.now() + 310_000 }).send(),
      await signed(signer, bobsTicket('HD-1'), { key: 'local-ticketing-secreT' }).send(),
      await hook.send(changed),
      await hook.send('', hook.headers),
      await hook.send(hook.body, { 'Content-Type': 'application/json' }),
      await hook.send('no JSON', hook.headers),
    ];
    expect(answers.map(codeOf)).toEqual(answers.map(() => [403, 'webhook-refused']));
    expect(new Set(answers.map((answer) => answer.json().detail)).size).toBe(1);
    expect(api.called().filter((operation) => operation !== 'GetSecretValue')).toEqual([]);
  });

  it('alone may make requests for its tickets', async () => {
    const { ann } = await helpDesk(api);
    const asked = await askForRecovery(api, ann, bobsLoss('HD-1', { ticket: { system, id: 'HD-1' } }));
    expect(codeOf(asked)).toEqual([403, 'access-denied']);
  });

  it('is accepted with both secrets during a rotation, and only with the new one after it', async () => {
    const { secrets } = api.stack.services;
    const send = (key: string, id: string) => signed(signer, bobsTicket(id), { key }).send();
    expect((await send(secret, 'HD-1')).status).toBe(200);
    secrets.put(secretName(signer.system), newSecret);
    api.stack.clock.advance(11);
    expect((await send(newSecret, 'HD-1')).status).toBe(200);
    expect((await send(secret, 'HD-1')).status).toBe(200);
    secrets.put(secretName(signer.system), 'the-secret-after-the-next-one');
    api.stack.clock.advance(301);
    expect(codeOf(await send(secret, 'HD-1'))).toEqual([403, 'webhook-refused']);
    expect((await send(newSecret, 'HD-1')).status).toBe(200);
  });

  it('is recorded in the audit log with the person, and nothing else from the ticket', async () => {
    await signed(signer, bobsTicket('HD-1')).send();
    await signed(signer, bobsTicket('HD-2'), { key: 'the-secret-of-somebody-else' }).send();
    expect(auditLines().slice(-2)).toMatchObject([
      {
        result: 'done',
        system,
        userName: 'Ann Smith',
        changes: ['RequestRecovery'],
        recovery: { ticket: { system, id: 'HD-1' }, userName: 'bob', requestedBy: 'Ann Smith' },
      },
      { result: 'refused', code: 'webhook-refused', system },
    ]);
    expect(api.stack.logText()).not.toContain('badge');
  });
});

describe('a ticket', () => {
  it.each([
    ['requested by its own subject', { requestedBy: ' BOB ' }, 403, 'separation-of-duties'],
    ['about an unknown user', { userName: 'nobody' }, 404, 'user-not-found'],
    ['about a device the user does not have', { deviceIds: ['tablet'] }, 404, 'device-not-found'],
    ['about a user without devices', { userName: 'alice' }, 409, 'no-active-device'],
    ['about a drifted clock', { reason: 'out_of_sync' }, 409, 'resync-instead'],
    ['requested by a look-alike of an approver', { requestedBy: 'p\u0430t' }, 400, 'validation-failed'],
    [
      'requested by an address of a page',
      { requestedBy: 'Your bank. www.evil-login.com: sign in' },
      400,
      'validation-failed',
    ],
    ['without a requester', { requestedBy: undefined }, 400, 'validation-failed'],
    ['with an unknown reason', { reason: 'bored' }, 400, 'validation-failed'],
  ])('%s is refused', async (_what, changes, status, code) => {
    const answer = await signed(standardSigner, bobsTicket('HD-1', changes)).send();
    expect(codeOf(answer)).toEqual([status, code]);
  });

  it('is approved by nobody whose name looks like that of its requester, whatever the letters', async () => {
    // All of one script, as names may be; it reads "pat".
    const body = bobsTicket('HD-1', { requestedBy: '\u0440\u0430\u0422' });
    const { recoveryId } = (await signed(standardSigner, body).send()).json();
    const { pat } = await helpDesk(api);
    expect(codeOf(await decide(api, pat, recoveryId, 'approval'))).toEqual([403, 'separation-of-duties']);
  });

  it('can be long', async () => {
    const content = bobsTicket('HD-1', { history: 'x'.repeat(200_000) });
    expect((await signed(jiraSigner, content).send()).status).toBe(200);
  });

  it('from a system that is not connected is ignored', async () => {
    const { headers, body } = signed(standardSigner, bobsTicket('HD-1'));
    const answer = await api.send('POST', '/v1/ticketing/servicenow', headers, body);
    expect(codeOf(answer)).toEqual([404, 'ticketing-not-configured']);
  });

  it('whose system has no secret is a service error that reveals nothing', async () => {
    api.stack.faults.put({ operation: 'GetSecretValue', error: 'ResourceNotFoundException', times: 10 });
    api.stack.clock.advance(301);
    const answer = await signed(standardSigner, bobsTicket('HD-1')).send();
    expect(codeOf(answer)).toEqual([502, 'upstream-failed']);
    expect(answer.text).not.toMatch(/secret/i);
  });
});

describe('the outcome', () => {
  it.each(signers)('is reported to $system, signed with its own secret', async (signer) => {
    const { recoveryId } = (await signed(signer, bobsTicket('HD-1')).send()).json();
    const { pat } = await helpDesk(api);
    expect((await decide(api, pat, recoveryId, 'denial')).status).toBe(200);
    await expect.poll(() => told.length).toBeGreaterThan(0);
    await api.stack.services.settled();
    expect(told).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = told;
    expect(JSON.parse(body)).toMatchObject({
      type: 'recovery.denied',
      data: { recoveryId, state: 'denied', ticket: { system: nameOf(signer), id: 'HD-1' } },
    });
    const flat = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const received = webhook(Object.fromEntries(flat), body);
    const isSignedWith = (key: string) => verifyStandardWebhook(received, [keyOf(key)], Date.now());
    expect(isSignedWith(outcomeSecretOf(signer.system))).toBe(true);
    for (const other of [
      secret,
      ...signers.filter((any) => any !== signer).map((any) => outcomeSecretOf(any.system)),
    ])
      expect(isSignedWith(other)).toBe(false);
  });

  it('that no attempt could report is kept as a dead letter', async () => {
    answer = 503;
    const { recoveryId } = (await signed(standardSigner, bobsTicket('HD-2')).send()).json();
    const { pat } = await helpDesk(api);
    await decide(api, pat, recoveryId, 'denial');
    await api.stack.services.settled();
    expect(told.length).toBeGreaterThanOrEqual(3);
    expect(api.stack.lambda.deadLetters).toMatchObject([
      { queue: 'mfa-self-service-local-report-outcome-dead-letters', attempts: 3 },
    ]);
  });
});
