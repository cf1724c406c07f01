import { once } from 'node:events';
import { createServer } from 'node:http';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateVirtualMFADeviceCommand, EnableMFADeviceCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { GetSessionTokenCommand, type GetSessionTokenCommandOutput, STSClient } from '@aws-sdk/client-sts';
import { ServiceException } from '@smithy/core/client';
import { Account } from '../../../local-aws/aws/account.ts';
import { createAwsEndpoint } from '../../../local-aws/aws/endpoint.ts';
import { EventBus } from '../../../local-aws/aws/event-bus.ts';
import { Faults } from '../../../local-aws/aws/faults.ts';
import { Mailbox } from '../../../local-aws/aws/mailbox.ts';
import { Secrets } from '../../../local-aws/aws/secrets.ts';
import { seedAccount, seededAccessKeyId } from '../../../local-aws/aws/seed.ts';
import { eventOperations } from '../../../local-aws/aws/services/events.ts';
import { type Functions, lambdaOperations } from '../../../local-aws/aws/services/lambda.ts';
import { secretOperations } from '../../../local-aws/aws/services/secrets-manager.ts';
import { mailOperations } from '../../../local-aws/aws/services/ses.ts';
import { LocalClock } from '../../../local-aws/clock.ts';
import { totpAt } from '../../support/totp.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const accountArn = 'arn:aws:iam::123456789012';

const attemptWindowMs = 180_000;
const stepMs = 30_000;

/** A seeded local AWS on a free port. Its clock is at the start of an attempt window, and so of a code. */
export async function startLocalAws() {
  const clock = new LocalClock();
  clock.advance((attemptWindowMs - (Date.now() % attemptWindowMs)) / 1000);
  const account = new Account({ clock });
  const selfServicePolicyArn = account.putManagedPolicy({
    name: 'SelfService',
    path: '/',
    document: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: 'iam:*', Resource: '*' } },
  });
  seedAccount(account, { selfServicePolicyArn });
  const faults = new Faults();
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const { operations, ...services } = startServices(account);
  const server = createServer(createAwsEndpoint({ account, clock, faults, onError, ...operations }));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const options = (credentials: Credentials) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { ...credentials },
    maxAttempts: 1,
  });
  const code = (seed: string, later = 0) => totpAt(seed, clock.now() + later * stepMs);
  return {
    account,
    clock,
    faults,
    errors,
    endpoint,
    ...services,
    events: memoized((credentials) => new EventBridgeClient(options(credentials))),
    secretsManager: memoized((credentials) => new SecretsManagerClient(options(credentials))),
    lambda: memoized((credentials) => new LambdaClient(options(credentials))),
    ses: memoized((credentials) => new SESv2Client(options(credentials))),
    iam: memoized((credentials) => new IAMClient(options(credentials))),
    sts: memoized((credentials) => new STSClient(options(credentials))),
    /** The current code, or the one `later` steps ahead. */
    code,
    /** Two consecutive codes; the second is the current one, or `later` steps ahead. */
    codes: (seed: string, later = 0) => ({
      AuthenticationCode1: code(seed, later - 1),
      AuthenticationCode2: code(seed, later),
    }),
    close: () => server.close(),
  };
}

export const seededSecret = 'team/one';
/** The stage whose events the operators are told of. */
export const eventStage = 'local';

const operatorsRule = {
  name: 'notify-operators',
  arn: 'arn:aws:events:us-east-1:123456789012:rule/notify-operators',
  enabled: true,
  pattern: { source: ['mfa-self-service'], detail: { stage: [eventStage] } },
  targets: ['arn:aws:sns:us-east-1:123456789012:operators'],
};

/** The services besides IAM and STS: one secret, and functions that record their invocations. */
function startServices(place: Account) {
  const invoked: { readonly functionName: string; readonly event: unknown }[] = [];
  const invokeAsync = (functionName: string, event: unknown) => void invoked.push({ functionName, event });
  const functions: Functions = {
    has: (name) => name === 'greet' || name === 'fail',
    invoke: async (name, event) =>
      name === 'greet'
        ? { payload: JSON.stringify({ greeted: event }) }
        : { error: { errorType: 'TypeError', errorMessage: 'It failed', trace: [] } },
    invokeAsync,
  };
  const bus = new EventBus({
    ...pick(place),
    rules: [operatorsRule],
    invoke: (functionArn, event) => invokeAsync(functionArn, event),
  });
  const arn = `arn:aws:secretsmanager:us-east-1:123456789012:secret:${seededSecret}-AbCdEf`;
  const secrets = new Secrets(pick(place), [{ name: seededSecret, arn, values: ['first'] }]);
  const mailbox = new Mailbox(pick(place));
  const operations = {
    json: [...eventOperations(bus), ...secretOperations(secrets)],
    rest: [...lambdaOperations(functions), ...mailOperations(mailbox)],
  };
  return { bus, secrets, mailbox, invoked, operations };
}

const pick = ({ clock, accountId, region }: Account) => ({ clock, accountId, region });

/** Clients are slow to make. */
function memoized<Client>(
  create: (credentials: Credentials) => Client,
): (credentials: Credentials) => Client {
  const clients = new Map<string, Client>();
  return (credentials) => {
    const key = JSON.stringify(credentials);
    const client = clients.get(key) ?? create(credentials);
    clients.set(key, client);
    return client;
  };
}

export type LocalAws = Awaited<ReturnType<typeof startLocalAws>>;

/** The long-term key of a seeded user. */
export function keyOf(userName: string): Credentials {
  return { accessKeyId: seededAccessKeyId(userName), secretAccessKey: `local-${userName}-secret` };
}

/** The error of an SDK call, as sent on the wire. */
export async function failureOf(call: Promise<unknown>) {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof ServiceException) {
    const code = 'Code' in error ? error.Code : error.name;
    return { status: error.$metadata.httpStatusCode, code, message: error.message };
  }
  throw new Error('The call did not fail with an AWS error.', { cause: error });
}

export interface TestDevice {
  readonly SerialNumber: string;
  readonly seed: string;
}

/** Creates a virtual device, as `admin` by default. */
export async function createDevice(aws: LocalAws, name: string, creator = 'admin'): Promise<TestDevice> {
  const command = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: name });
  const { VirtualMFADevice: device } = await aws.iam(keyOf(creator)).send(command);
  const seed = Buffer.from(device?.Base32StringSeed ?? []).toString();
  return { SerialNumber: device?.SerialNumber ?? '', seed };
}

/** Creates a virtual device and enables it for the user as `admin`; STS does not know it yet. */
export async function enableDevice(aws: LocalAws, userName: string, name: string): Promise<TestDevice> {
  const device = await createDevice(aws, name);
  const codes = aws.codes(device.seed);
  const input = { UserName: userName, SerialNumber: device.SerialNumber, ...codes };
  await aws.iam(keyOf('admin')).send(new EnableMFADeviceCommand(input));
  return device;
}

export const bobsPhone: TestDevice = {
  SerialNumber: `${accountArn}:mfa/self-service/bob/phone`,
  seed: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
};

/** Credentials from GetSessionToken, with a code if a device is given. */
export async function sessionOf(aws: LocalAws, userName: string, device?: TestDevice): Promise<Credentials> {
  const mfa = device && { SerialNumber: device.SerialNumber, TokenCode: aws.code(device.seed) };
  const answer = await aws.sts(keyOf(userName)).send(new GetSessionTokenCommand({ ...mfa }));
  return credentialsOf(answer);
}

/** The credentials in an STS answer. */
export function credentialsOf({
  Credentials: issued,
}: Pick<GetSessionTokenCommandOutput, 'Credentials'>): Credentials {
  const {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken,
  } = issued ?? {};
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined) {
    throw new Error('The answer has no credentials.');
  }
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** A policy with one statement. */
export function policy(action: string | readonly string[], resource: string, more: object = {}): string {
  const statement = { Effect: 'Allow', Action: action, Resource: resource, ...more };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
}
