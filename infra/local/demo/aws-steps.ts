import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
  IAMServiceException,
  ListAttachedUserPoliciesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient, STSServiceException } from '@aws-sdk/client-sts';
import { deployment } from '../deployment.ts';
import type { Authenticator } from './authenticator.ts';
import { accessKeyOf, type Signer, type Storyteller } from './storyteller.ts';

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
  teller: Storyteller,
  sentence: string,
  { userName, roleName }: { readonly userName: string; readonly roleName: string },
): Promise<Signer> {
  const signer = accessKeyOf(userName);
  const RoleArn = `arn:${deployment.partition}:iam::${deployment.accountId}:role/${roleName}`;
  const input = { RoleArn, RoleSessionName: userName };
  const step = { sentence, action: 'sts:AssumeRole', input, signer } as const;
  const output = await succeeds(teller, step, () => {
    return new STSClient(optionsFor(signer, teller)).send(new AssumeRoleCommand(input));
  });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken, Expiration } = output.Credentials ?? {};
  const expiration = Expiration?.toISOString();
  teller.narrator.facts({ Arn: output.AssumedRoleUser?.Arn, AccessKeyId, Expiration: expiration });
  return {
    name: `${userName}'s session of the role ${roleName}`,
    keys: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
  };
}

/** Gives a user an inline policy that allows actions on everything, as the administrator. */
export async function putUserPolicy(
  teller: Storyteller,
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
  await succeeds(teller, step, () => {
    return iam(signer, teller).send(new PutUserPolicyCommand({ ...input, PolicyDocument }));
  });
}

/** What policies are attached to a user, as the administrator sees it, is to be just this. */
export async function hasPolicies(
  teller: Storyteller,
  sentence: string,
  UserName: string,
  expected: readonly string[],
): Promise<void> {
  const signer = accessKeyOf('admin');
  const step = { sentence, action: 'iam:ListAttachedUserPolicies', input: { UserName }, signer } as const;
  const { AttachedPolicies = [] } = await succeeds(teller, step, () => {
    return iam(signer, teller).send(new ListAttachedUserPoliciesCommand({ UserName }));
  });
  const names = AttachedPolicies.map(({ PolicyName = '' }) => PolicyName);
  teller.narrator.facts({ AttachedPolicies: names.join(', ') });
  if (String([...names].sort()) !== String([...expected].sort())) {
    throw teller.unexpected(sentence, step.action, expected.join(', '), `with ${names.join(', ')}`);
  }
}

/** To create a device at IAM itself is to be denied by a policy. */
export async function mayNotCreate(
  teller: Storyteller,
  sentence: string,
  signer: Signer,
  VirtualMFADeviceName: string,
): Promise<void> {
  const input = { VirtualMFADeviceName };
  const step = { sentence, action: 'iam:CreateVirtualMFADevice', input, signer } as const;
  await isDenied(teller, step, () => {
    return iam(signer, teller).send(new CreateVirtualMFADeviceCommand(input));
  });
}

/** To enable a device at IAM itself is to be denied by a policy. */
export async function mayNotEnable(
  teller: Storyteller,
  sentence: string,
  signer: Signer,
  { UserName, device }: { readonly UserName: string; readonly device: Authenticator },
): Promise<void> {
  const { code1, code2 } = device.consecutiveCodes();
  const { serialNumber: SerialNumber } = device;
  const input = { UserName, SerialNumber, AuthenticationCode1: code1, AuthenticationCode2: code2 };
  const step = { sentence, action: 'iam:EnableMFADevice', input, signer } as const;
  await isDenied(teller, step, () => iam(signer, teller).send(new EnableMFADeviceCommand(input)));
}

async function succeeds<T extends Output>(
  teller: Storyteller,
  step: AwsStep,
  send: () => Promise<T>,
): Promise<T> {
  const outcome = await tell(teller, step, send);
  if ('output' in outcome) return outcome.output;
  throw unexpected(teller, step, '200', outcome);
}

/** Only an explicit deny will do: without one, it might just be that nothing allows it. */
async function isDenied(teller: Storyteller, step: AwsStep, send: () => Promise<Output>): Promise<void> {
  const outcome = await tell(teller, step, send);
  const { name = '', message = '' } = 'error' in outcome ? outcome.error : {};
  if (name !== 'AccessDenied' || !message.includes('with an explicit deny in an identity-based policy')) {
    throw unexpected(teller, step, 'an explicit deny', outcome);
  }
  teller.narrator.facts({ message });
}

async function tell<T extends Output>(
  { narrator }: Storyteller,
  { sentence, action, input, note, signer }: AwsStep,
  send: () => Promise<T>,
): Promise<Outcome<T>> {
  narrator.sentence(sentence);
  narrator.call({ request: action, body: input, note, signedWith: signer.name });
  const outcome = await outcomeOf(send);
  narrator.status(outcome.status, 'error' in outcome ? outcome.error.name : '');
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
  teller: Storyteller,
  { sentence, action }: AwsStep,
  expected: string,
  outcome: Outcome<Output>,
): Error {
  const { status } = outcome;
  if (!('error' in outcome)) return teller.unexpected(sentence, action, expected, String(status));
  const { name, message } = outcome.error;
  return teller.unexpected(sentence, action, expected, `${status} ${name}`, message);
}

const iam = (signer: Signer, teller: Storyteller) => new IAMClient(optionsFor(signer, teller));

function optionsFor(
  { keys: { accessKeyId, secretAccessKey, sessionToken } }: Signer,
  { awsUrl }: Storyteller,
) {
  const token = sessionToken === undefined ? {} : { sessionToken };
  const credentials = { accessKeyId, secretAccessKey, ...token };
  return { endpoint: awsUrl, region: deployment.region, credentials, maxAttempts: 1 };
}
