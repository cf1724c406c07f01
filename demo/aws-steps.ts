import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  IAMServiceException,
  ListAttachedUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { deployment } from '../local-aws/deployment.ts';
import type { Authenticator } from './authenticator.ts';
import { accessKeyOf, type ScenarioRunner, type Signer } from './scenario.ts';

/** A step at IAM or STS itself, past the API. */
interface AwsStep {
  readonly sentence: string;
  readonly action: `${'iam' | 'sts'}:${string}`;
  /** What of the input is shown. */
  readonly input: object;
  readonly note?: string;
  readonly signer: Signer;
}

interface Output {
  readonly $metadata: { readonly httpStatusCode?: number | undefined };
}

type Outcome<T> =
  | { readonly status: number; readonly output: T }
  | { readonly status: number; readonly error: Error };

/** Gives who signs with the session of a role, under the user's own name. */
export async function assumeRole(
  runner: ScenarioRunner,
  sentence: string,
  { userName, roleName }: { readonly userName: string; readonly roleName: string },
): Promise<Signer> {
  const signer = accessKeyOf(userName);
  const RoleArn = `arn:${deployment.partition}:iam::${deployment.accountId}:role/${roleName}`;
  const input = { RoleArn, RoleSessionName: userName };
  const step = { sentence, action: 'sts:AssumeRole', input, signer } as const;
  const output = await succeeds(runner, step, () => {
    return new STSClient(optionsFor(signer, runner)).send(new AssumeRoleCommand(input));
  });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken, Expiration } = output.Credentials ?? {};
  const expiration = Expiration?.toISOString();
  runner.printer.facts({ Arn: output.AssumedRoleUser?.Arn, AccessKeyId, Expiration: expiration });
  return {
    name: `${userName}'s session of the role ${roleName}`,
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** Gives a user an inline policy that allows actions on everything, as the administrator. */
export async function putUserPolicy(
  runner: ScenarioRunner,
  sentence: string,
  policy: { readonly UserName: string; readonly PolicyName: string; readonly allowed: readonly string[] },
): Promise<void> {
  const { allowed, ...input } = policy;
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: allowed, Resource: '*' },
  });
  const signer = accessKeyOf('admin');
  const note = `allows ${allowed.join(' and ')}`;
  const step = { sentence, action: 'iam:PutUserPolicy', input, note, signer } as const;
  await succeeds(runner, step, () => {
    return iam(signer, runner).send(new PutUserPolicyCommand({ ...input, PolicyDocument }));
  });
}

/** What policies are attached to a user, as the administrator sees it, is to be just this. */
export async function hasPolicies(
  runner: ScenarioRunner,
  sentence: string,
  UserName: string,
  expected: readonly string[],
): Promise<void> {
  const signer = accessKeyOf('admin');
  const step = { sentence, action: 'iam:ListAttachedUserPolicies', input: { UserName }, signer } as const;
  const { AttachedPolicies = [] } = await succeeds(runner, step, () => {
    return iam(signer, runner).send(new ListAttachedUserPoliciesCommand({ UserName }));
  });
  const names = AttachedPolicies.map(({ PolicyName = '' }) => PolicyName);
  runner.printer.facts({ AttachedPolicies: names.join(', ') });
  if (String([...names].sort()) !== String([...expected].sort())) {
    throw runner.unexpected(sentence, step.action, expected.join(', '), `with ${names.join(', ')}`);
  }
}

/** To create a device at IAM itself is to be denied by a policy. */
export async function mayNotCreate(
  runner: ScenarioRunner,
  sentence: string,
  signer: Signer,
  VirtualMFADeviceName: string,
): Promise<void> {
  const input = { VirtualMFADeviceName };
  const step = { sentence, action: 'iam:CreateVirtualMFADevice', input, signer } as const;
  await isDenied(runner, step, () => {
    return iam(signer, runner).send(new CreateVirtualMFADeviceCommand(input));
  });
}

/** To enable a device at IAM itself is to be denied by a policy. */
export async function mayNotEnable(
  runner: ScenarioRunner,
  sentence: string,
  signer: Signer,
  { UserName, device }: { readonly UserName: string; readonly device: Authenticator },
): Promise<void> {
  const { code1, code2 } = device.consecutiveCodes();
  const { serialNumber: SerialNumber } = device;
  const input = { UserName, SerialNumber, AuthenticationCode1: code1, AuthenticationCode2: code2 };
  const step = { sentence, action: 'iam:EnableMFADevice', input, signer } as const;
  await isDenied(runner, step, () => iam(signer, runner).send(new EnableMFADeviceCommand(input)));
}

async function succeeds<T extends Output>(
  runner: ScenarioRunner,
  step: AwsStep,
  send: () => Promise<T>,
): Promise<T> {
  const outcome = await tell(runner, step, send);
  if ('output' in outcome) return outcome.output;
  throw unexpected(runner, step, '200', outcome);
}

/** Only an explicit deny will do: without one, it might just be that nothing allows it. */
async function isDenied(runner: ScenarioRunner, step: AwsStep, send: () => Promise<Output>): Promise<void> {
  const outcome = await tell(runner, step, send);
  const { name = '', message = '' } = 'error' in outcome ? outcome.error : {};
  if (name !== 'AccessDenied' || !message.includes('with an explicit deny in an identity-based policy')) {
    throw unexpected(runner, step, 'an explicit deny', outcome);
  }
  runner.printer.facts({ message });
}

async function tell<T extends Output>(
  { printer }: ScenarioRunner,
  { sentence, action, input, note, signer }: AwsStep,
  send: () => Promise<T>,
): Promise<Outcome<T>> {
  printer.sentence(sentence);
  printer.call({ request: action, body: input, note, signedWith: signer.name });
  const outcome = await outcomeOf(send);
  printer.status(outcome.status, 'error' in outcome ? outcome.error.name : '');
  return outcome;
}

/** Throws what is no answer of AWS. */
async function outcomeOf<T extends Output>(send: () => Promise<T>): Promise<Outcome<T>> {
  try {
    const output = await send();
    return { status: output.$metadata.httpStatusCode ?? 0, output };
  } catch (error) {
    if (!(error instanceof IAMServiceException || error instanceof STSServiceException)) throw error;
    return { status: error.$metadata.httpStatusCode ?? 0, error };
  }
}

function unexpected(
  runner: ScenarioRunner,
  { sentence, action }: AwsStep,
  expected: string,
  outcome: Outcome<Output>,
): Error {
  const { status } = outcome;
  if (!('error' in outcome)) return runner.unexpected(sentence, action, expected, String(status));
  const { name, message } = outcome.error;
  return runner.unexpected(sentence, action, expected, `${status} ${name}`, message);
}

const iam = (signer: Signer, runner: ScenarioRunner) => new IAMClient(optionsFor(signer, runner));

function optionsFor(
  { keys: { accessKeyId, secretAccessKey, sessionToken } }: Signer,
  { awsUrl }: ScenarioRunner,
) {
  const token = sessionToken === undefined ? {} : { sessionToken };
  const credentials = { accessKeyId, secretAccessKey, ...token };
  return { endpoint: awsUrl, region: deployment.region, credentials, maxAttempts: 1 };
}
