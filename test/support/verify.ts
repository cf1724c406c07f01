import { Client } from '../../infra/verify/client.ts';
import type { Check, Finding } from '../../infra/verify/finding.ts';
import type { Keys } from '../../infra/verify/sign.ts';
import type { Me, Perhaps, Subject } from '../../infra/verify/subject.ts';
import { verify } from '../../infra/verify/verify.ts';
import { deployment } from '../../local-aws/deployment.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { SigningKeys } from './sign.ts';
import { bobsSeed, type TestStack, userSession } from './stack.ts';

const operations = await loadOperations();
const day = 24 * 3600 * 1000;

export interface Changes extends Partial<Subject> {
  /** The API, if it is not the stack's own. */
  readonly url?: string;
  /** Ends the names of the role sessions, so that functions do not know them. */
  readonly run?: string;
}

/** Everything that a run may have, as a user of the stack. */
export function subjectOn(stack: TestStack, userName: string, changes: Changes = {}): Subject {
  const { url = stack.apiUrl, run = '', ...rest } = changes;
  const now = stack.clock.now();
  return {
    client: new Client(new URL(url), deployment.region),
    operations,
    region: deployment.region,
    me: meOn(stack, userName),
    longTerm: keysOf(stack, userName),
    withoutMfa: userSession(stack, userName),
    steppedUp: userSession(stack, userName, { mfaAt: now }),
    old: async () => ({ keys: userSession(stack, userName, { mfaAt: now - 905_000 }) }),
    expired: async () => ({ keys: userSession(stack, userName, { durationSeconds: -1 }) }),
    federated: federatedUser(stack, userName),
    staff: {
      'recovery-agent': roleSession(stack, 'mfa-agent', `ann${run}`),
      'recovery-approver': roleSession(stack, 'mfa-approver', `pat${run}`),
      auditor: roleSession(stack, 'mfa-auditor', `kim${run}`),
    },
    origins: [],
    smoke: true,
    pause: async () => undefined,
    ...rest,
  };
}

/** The user's first access key. */
function keysOf({ account }: TestStack, userName: string): Keys {
  const [key] = account.users.get(userName).accessKeys;
  if (key === undefined) throw new Error(`${userName} has no access key`);
  const { accessKeyId, secretAccessKey } = key;
  return { accessKeyId, secretAccessKey };
}

function meOn({ account, awsUrl }: TestStack, userName: string): Me {
  const { arn } = account.users.get(userName);
  return { userName, userArn: arn, stsEndpoint: awsUrl, stepUpMaxAgeSeconds: 900 };
}

/** A federated user who may do what the user may. */
function federatedUser({ account }: TestStack, userName: string): Perhaps<SigningKeys> {
  const statement = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
  const policies = [{ Version: '2012-10-17', Statement: statement }];
  const user = account.users.get(userName);
  return { keys: account.issueToFederatedUser(user, 'verify', { durationSeconds: 900, policies }) };
}

/** A session in a role of the help desk or of auditors. */
export function roleSession({ account }: TestStack, roleName: string, sessionName: string): SigningKeys {
  const role = account.roles.get(roleName);
  if (role === undefined) throw new Error(`no role ${roleName}`);
  const holder = { type: 'role', roleName, roleId: role.roleId, sessionName } as const;
  return account.issue({ holder, durationSeconds: 3600, policies: [] });
}

/** Gives a user a device that is known to STS. */
export function giveDevice({ account, clock }: TestStack, userName: string): string {
  const serialNumber = `arn:aws:iam::${account.accountId}:mfa/self-service/${userName}/phone`;
  const device = account.devices.createVirtual(serialNumber, [], bobsSeed);
  account.devices.establish(device, account.users.get(userName), clock.now() - day);
  return serialNumber;
}

export const findingsOf = (
  subject: Subject,
  isWanted?: (check: Check) => boolean,
): Promise<readonly Finding[]> => Array.fromAsync(verify(subject, isWanted));

export const failed = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ faults }) => faults.length > 0);

export const unproven = (findings: readonly Finding[]): readonly Finding[] =>
  findings.filter(({ faults, notChecked }) => faults.length === 0 && notChecked !== undefined);

export const namesOf = (findings: readonly Finding[]): string =>
  findings.map(({ check }) => check).join('\n');
