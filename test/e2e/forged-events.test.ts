import { createServer } from 'node:http';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { deployment, localFunctionName } from '../../local-aws/deployment.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { useApi } from '../support/e2e.ts';
import { decide, helpDesk } from '../support/recovery-flows.ts';
import type { SigningKeys } from '../support/sign.ts';
import { standardSigner } from '../support/webhooks.ts';

/** What the ticketing system is told. */
const told: string[] = [];
let logsBefore = 0;
const receiver = createServer(async (request, response) => {
  told.push((await request.toArray()).join(''));
  response.end();
});
const api = useApi(async () => ({
  parameters: {
    Ticketing: JSON.stringify({ standard: { name: 'desk', outcomeUrl: await listen(receiver, 0) } }),
  },
}));
afterAll(() => close(receiver));
beforeEach(() => {
  told.length = 0;
  logsBefore = api.stack.lambda.logs.length;
  api.stack.services.secrets.put('mfa-self-service/local/ticketing/standard-outcome', 'local-outcome-secret');
});

const functionsNamed = ['notify-subject', 'report-outcome'] as const;
const invoke = 'lambda:InvokeFunction';
const put = 'events:PutEvents';

/** The keys of a new user who has one right, on everything. */
function userWith(Action: string): SigningKeys {
  const { account } = api.stack;
  const user = account.users.create({ userName: 'dev', path: '/', tags: [], now: account.now() });
  const Statement = [{ Effect: 'Allow', Action, Resource: '*' }];
  const document = JSON.stringify({ Version: '2012-10-17', Statement });
  user.inlinePolicies = [{ name: 'right', document }];
  return account.users.addAccessKey(user, account.now());
}

const settings = (keys: SigningKeys) => ({
  endpoint: api.stack.awsUrl,
  region: deployment.region,
  credentials: { ...keys },
  maxAttempts: 1,
});

const invokeAs = (keys: SigningKeys, name: string, payload: object) =>
  new LambdaClient(settings(keys)).send(
    new InvokeCommand({
      FunctionName: localFunctionName(name),
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify(payload)),
    }),
  );

/** An event in the form of the service's own, about bob. */
function forged(detailType: string, recovery: object) {
  const { userId } = api.stack.account.users.get('bob');
  return {
    'detail-type': detailType,
    detail: {
      ...{ version: '1', stage: deployment.stage, id: '4711', time: '2026-11-24T12:00:05.000Z' },
      ...{ requestId: 'r-1', result: 'done', changes: ['DenyRecovery'] },
      actor: { name: 'IT security' },
      subject: { userName: 'bob', userId },
      recovery: {
        id: 'abcdefghijklmnopqrstuvwxyz',
        ticket: { system: 'desk', id: 'HD-1' },
        ...{ reason: 'lost', requestedBy: 'CISO', ...recovery },
      },
    },
  };
}
const denied = () => forged('MFA Recovery Denied', { state: 'denied' });
const passIssued = (id?: string) =>
  forged('MFA Enrolment Pass Issued', { state: 'executed', ...(id !== undefined && { id }) });

async function effects() {
  await api.stack.settled();
  const { mails, deadLetters } = api.stack.services.recordedEvents();
  return { mails: [...mails], deadLetters: [...deadLetters], told };
}
const nothing = { mails: [], deadLetters: [], told: [] };

const logs = () => api.stack.lambda.logs.slice(logsBefore);

/** How the functions ended, from their logs. */
const endsIn = (message: string) =>
  logs()
    .map(({ line }) => JSON.parse(line))
    .filter((line) => line.message === message)
    .map(({ end, level }) => [level, end]);

/** A recovery of bob's that a ticket asks for. */
async function ticketed(): Promise<string> {
  const content = { ticket: { id: 'HD-1' }, userName: 'bob', reason: 'lost', requestedBy: 'ann' };
  const body = standardSigner.body(content, Date.now());
  const signed = standardSigner.sign(body, 'local-ticketing-secret', Date.now());
  const headers = { 'Content-Type': 'application/json', ...signed };
  const answer = await api.send('POST', '/v1/ticketing/standard', headers, body);
  expect(answer.status, answer.text).toBe(200);
  await api.stack.settled();
  return answer.json().recoveryId;
}

describe('a user with nothing but events:PutEvents', () => {
  it('makes the service mail nobody and tell no ticketing system, whatever they put on the bus', async () => {
    const client = new EventBridgeClient(settings(userWith(put)));
    const Entries = [denied(), passIssued()].map(({ 'detail-type': DetailType, detail }) => ({
      Source: 'mfa-self-service',
      DetailType,
      Detail: JSON.stringify(detail),
    }));
    const answer = await client.send(new PutEventsCommand({ Entries }));
    expect(answer.FailedEntryCount).toBe(0);
    expect(await effects()).toEqual(nothing);
    expect(logs()).toEqual([]);
  });
});

describe.each(functionsNamed)('%s', (name) => {
  it('is invoked by the function that publishes events, and by no other of the service', async () => {
    const all = [...(await loadOperations()), ...backgroundFunctions];
    const answers = await Promise.all(
      all.map(async (other) => {
        const session = localFunctionName(other.name);
        const role = `${deployment.stage}-${other.name}`;
        const keys = api.stack.account.assumeRoleForService(role, session, { durationSeconds: 3600 });
        const code = await invokeAs(keys, name, denied()).then(
          ({ StatusCode }) => StatusCode,
          (error: Error) => error.name,
        );
        return [other.name, code];
      }),
    );
    const expected = all.map((other) => [
      other.name,
      other.name === 'publish-events' ? 202 : 'AccessDeniedException',
    ]);
    expect(answers).toEqual(expected);
    await api.stack.settled();
  });

  it('is not invoked by a user without the right to', async () => {
    const refused = invokeAs(userWith(put), name, denied());
    await expect(refused).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await effects()).toEqual(nothing);
  });
});

describe('even whoever may invoke the functions', () => {
  const dev = () => userWith(invoke);

  it('makes them tell nothing of a recovery that does not exist', async () => {
    const keys = dev();
    await invokeAs(keys, 'report-outcome', denied());
    await invokeAs(keys, 'notify-subject', denied());
    await invokeAs(keys, 'notify-subject', passIssued());
    expect(await effects()).toEqual(nothing);
    expect(endsIn('outcome')).toEqual([['ERROR', 'refuted']]);
    expect(endsIn('notice')).toEqual(Array(2).fill(['ERROR', 'refuted']));
  });

  it('makes them tell nothing that has not happened to one that does', async () => {
    const id = await ticketed();
    const before = (await effects()).mails;
    const keys = dev();
    await invokeAs(keys, 'report-outcome', forged('MFA Recovery Denied', { id, state: 'denied' }));
    await invokeAs(keys, 'report-outcome', forged('MFA Recovery Executed', { id, state: 'executed' }));
    await invokeAs(keys, 'notify-subject', passIssued(id));
    expect(await effects()).toEqual({ ...nothing, mails: before });
  });

  it('makes them use no words but the table’s', async () => {
    const id = await ticketed();
    const { pat } = await helpDesk(api);
    await decide(api, pat, id, 'denial');
    const { mails: before } = await effects();
    const [first] = told;
    const words = { id, state: 'requested', ticket: { system: 'standard', id: 'call-15550100' } };
    const keys = dev();
    await invokeAs(keys, 'report-outcome', forged('MFA Recovery Denied', words));
    await invokeAs(keys, 'notify-subject', forged('MFA Recovery Denied', words));
    const { mails } = await effects();
    const data = (text = '') => JSON.parse(text).data;
    expect(told.map(data)).toEqual([data(first), data(first)]);
    const text = mails.slice(before.length).map((mail) => mail.text);
    expect(text).toEqual([expect.stringContaining('Requested by: ann, ticket HD-1 (desk)')]);
    expect(text.join()).not.toMatch(/CISO|call-/);
  });
});
