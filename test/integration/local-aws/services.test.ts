import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawFetch, signedRequest } from '../../support/http.ts';
import {
  type Credentials,
  credentialsOf,
  failureOf,
  keyOf,
  type LocalAws,
  policy,
  seededSecret,
  startLocalAws,
} from './fixture.ts';

let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws.close());

const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;
const secretArn = () => aws.secrets.get(seededSecret).arn;
const entry = { Source: 'team.shop', DetailType: 'Order', Detail: '{}' };
const mail = {
  FromEmailAddress: 'Shop <shop@example.com>',
  Destination: { ToAddresses: ['bob@example.org'], CcAddresses: ['pat@example.org'] },
  Content: { Simple: { Subject: { Data: 'Hello' }, Body: { Text: { Data: 'Hello Bob' } } } },
};

interface Case {
  readonly name: string;
  readonly action: string;
  readonly resource: () => string;
  readonly send: (credentials: Credentials) => Promise<unknown>;
  /** For a caller who is refused, and for one who is throttled. */
  readonly status: { readonly refused: number; readonly throttled: number };
  readonly throttling: string;
}

const json = { refused: 400, throttled: 400 };
const rest = { refused: 403, throttled: 429 };

const cases: readonly Case[] = [
  {
    name: 'PutEvents',
    action: 'events:PutEvents',
    resource: () => arn('events', 'event-bus/default'),
    send: (credentials) => aws.events(credentials).send(new PutEventsCommand({ Entries: [entry] })),
    status: json,
    throttling: 'ThrottlingException',
  },
  {
    name: 'GetSecretValue',
    action: 'secretsmanager:GetSecretValue',
    resource: secretArn,
    send: (credentials) =>
      aws.secretsManager(credentials).send(new GetSecretValueCommand({ SecretId: seededSecret })),
    status: json,
    throttling: 'ThrottlingException',
  },
  {
    name: 'PutSecretValue',
    action: 'secretsmanager:PutSecretValue',
    resource: secretArn,
    send: (credentials) =>
      aws
        .secretsManager(credentials)
        .send(new PutSecretValueCommand({ SecretId: seededSecret, SecretString: 'next' })),
    status: json,
    throttling: 'ThrottlingException',
  },
  {
    name: 'Invoke',
    action: 'lambda:InvokeFunction',
    resource: () => arn('lambda', 'function:greet'),
    send: (credentials) => aws.lambda(credentials).send(new InvokeCommand({ FunctionName: 'greet' })),
    status: rest,
    throttling: 'TooManyRequestsException',
  },
  {
    name: 'SendEmail',
    action: 'ses:SendEmail',
    resource: () => arn('ses', 'identity/example.com'),
    send: (credentials) => aws.ses(credentials).send(new SendEmailCommand(mail)),
    status: rest,
    throttling: 'TooManyRequestsException',
  },
];

async function allow(document: string): Promise<void> {
  const input = { UserName: 'ann', PolicyName: 'test', PolicyDocument: document };
  await aws.iam(keyOf('admin')).send(new PutUserPolicyCommand(input));
}

/** A session of an all-powerful role, narrowed by the session policy. */
async function sessionUnder(sessionPolicy: string): Promise<Credentials> {
  const trust = JSON.parse(policy('sts:AssumeRole', '*'));
  delete trust.Statement[0].Resource;
  trust.Statement[0].Principal = { AWS: 'arn:aws:iam::123456789012:root' };
  const everything = JSON.parse(policy('*', '*'));
  const role = aws.account.putRole({ name: 'all', path: '/', trustPolicy: trust, policies: [everything] });
  const input = { RoleArn: role.arn, RoleSessionName: 'test', Policy: sessionPolicy };
  return credentialsOf(await aws.sts(keyOf('admin')).send(new AssumeRoleCommand(input)));
}

describe.each(cases)('$name', ({ name, action, resource, send, status, throttling }) => {
  it('is refused when the secret key is wrong', async () => {
    const wrong = { ...keyOf('admin'), secretAccessKey: 'wrong' };
    expect(await failureOf(send(wrong))).toMatchObject({
      status: status.refused,
      code: 'InvalidSignatureException',
    });
  });

  it('is refused when the key is unknown', async () => {
    const unknown = { accessKeyId: 'AKIAUNKNOWN000000000', secretAccessKey: 'x' };
    expect(await failureOf(send(unknown))).toMatchObject({ code: 'UnrecognizedClientException' });
  });

  it('needs its own permission on its own resource', async () => {
    await allow(policy('iam:*', '*'));
    expect(await failureOf(send(keyOf('ann')))).toEqual({
      status: status.refused,
      code: 'AccessDeniedException',
      message:
        `User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ${action} on resource: ` +
        `${resource()} because no identity-based policy allows the ${action} action`,
    });
    await allow(policy(action, `${resource()}x`));
    expect(await failureOf(send(keyOf('ann')))).toMatchObject({ code: 'AccessDeniedException' });
    await allow(policy(action, resource()));
    await expect(send(keyOf('ann'))).resolves.toBeDefined();
  });

  it('is restricted by a session policy', async () => {
    const failure = await failureOf(send(await sessionUnder(policy('iam:*', '*'))));
    expect(failure.message).toContain(`because no session policy allows the ${action} action`);
    await expect(send(await sessionUnder(policy(action, resource())))).resolves.toBeDefined();
  });

  it('is subject to injected faults', async () => {
    aws.faults.put({ operation: name, error: throttling, times: 1 });
    expect(await failureOf(send(keyOf('admin')))).toMatchObject({
      status: status.throttled,
      code: throttling,
    });
    aws.faults.put({ operation: name, error: 'connection-reset', times: 1 });
    await expect(send(keyOf('admin'))).rejects.toMatchObject({ code: 'ECONNRESET' });
    aws.faults.put({ operation: name, error: 'InternalFailure', times: 1 });
    expect(await failureOf(send(keyOf('admin')))).toMatchObject({ status: 500 });
    await expect(send(keyOf('admin'))).resolves.toBeDefined();
  });

  it('is made though its answer is lost', async () => {
    aws.faults.put({ operation: name, error: 'lost-answer', times: 1 });

    await expect(send(keyOf('admin'))).rejects.toMatchObject({ code: 'ECONNRESET' });

    const last = aws.account.trail.events().at(-1);
    expect(last).toMatchObject({ operation: name });
    expect(last).not.toHaveProperty('errorCode');
    await expect(send(keyOf('admin'))).resolves.toBeDefined();
  });

  it('is in the trail', async () => {
    await send(keyOf('admin'));
    expect(aws.account.trail.events().at(-1)).toMatchObject({
      operation: name,
      principalArn: 'arn:aws:iam::123456789012:user/admin',
    });
  });
});

/** A request signed by `admin` for the given service. */
function signed(service: string, method: string, path: string, body: string, target?: string) {
  const headers: Record<string, string> = { 'Content-Type': 'application/x-amz-json-1.1' };
  if (target !== undefined) headers['X-Amz-Target'] = target;
  const scope = { service, region: 'us-east-1', date: new Date() };
  const request = signedRequest(aws.endpoint, keyOf('admin'), method, path, body, headers, scope);
  return rawFetch(aws.endpoint, method, path, request.headers, request.body);
}

describe('a signature', () => {
  it.each([
    ['iam', 'POST', '/', 'AWSEvents.PutEvents'],
    ['events', 'POST', '/', 'secretsmanager.GetSecretValue'],
    ['secretsmanager', 'POST', '/', 'AWSEvents.PutEvents'],
    ['ses', 'POST', '/2015-03-31/functions/greet/invocations', undefined],
    ['lambda', 'POST', '/v2/email/outbound-emails', undefined],
  ])('for %s is invalid for another service: %s %s %s', async (service, method, path, target) => {
    const answer = await signed(service, method, path, '{}', target);
    expect(answer.text).toContain('Credential should be scoped to correct service');
  });
});

describe('a request that fits no service', () => {
  it.each([
    ['events', 'POST', '/', 'AWSEvents.ListRules', 400],
    ['events', 'POST', '/', 'PutEvents', 400],
    ['lambda', 'GET', '/2015-03-31/functions/greet/invocations', undefined, 404],
    ['lambda', 'POST', '/2015-03-31/functions', undefined, 404],
    ['lambda', 'POST', '/2015-03-31/functions/%E0%A4%A/invocations', undefined, 404],
    ['ses', 'POST', '/v2/email/outbound-emails/1', undefined, 404],
  ])('is refused: %s %s %s %s', async (service, method, path, target, status) => {
    const answer = await signed(service, method, path, '{}', target);
    expect(answer.status).toBe(status);
    const { __type = answer.headers['x-amzn-errortype'] } = answer.json();
    expect(__type).toBe('UnknownOperationException');
  });

  it.each(['{', '[1', '"text"', '{"Entries":{}}', '{"Entries":["a"]}'])(
    'is refused for its form: %s',
    async (body) => {
      const answer = await signed('events', 'POST', '/', body, 'AWSEvents.PutEvents');
      expect(answer.status).toBe(400);
      expect(answer.json()['__type']).toBe('SerializationException');
    },
  );

  it('is refused for its size', async () => {
    const answer = await signed('events', 'POST', '/', 'x'.repeat(1_100_000), 'AWSEvents.PutEvents');
    expect(answer.status).toBe(413);
    expect(answer.json()['__type']).toBe('RequestEntityTooLargeException');
  });
});

it('a mail is sent though the answer is lost', async () => {
  const before = aws.mailbox.mails.length;
  aws.faults.put({ operation: 'SendEmail', error: 'lost-answer', times: 1 });

  await expect(aws.ses(keyOf('admin')).send(new SendEmailCommand(mail))).rejects.toThrow();

  expect(aws.mailbox.mails).toHaveLength(before + 1);
});

describe('a malformed answer', () => {
  it.each(cases)('of $name can be injected', async ({ name, send }) => {
    aws.faults.put({ operation: name, error: 'malformed', times: 1 });
    const outcome = await send(keyOf('admin')).then(
      () => 'answered',
      () => 'failed',
    );
    // Lambda's payload is whatever the function returned.
    expect(outcome).toBe(name === 'Invoke' ? 'answered' : 'failed');
  });
});
