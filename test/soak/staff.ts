import { seededAccessKeyId } from '../../local-aws/aws/seed.ts';
import { deployment } from '../../local-aws/deployment.ts';
import type { SigningKeys } from '../support/sign.ts';
import type { StackProcess } from '../support/stack-process.ts';
import { staffSession } from '../support/staff.ts';

export const agents = ['ann', 'abe'] as const;
export const approvers = ['pat', 'pia'] as const;

/** Sessions of the help desk, in the roles of agents and approvers. */
export class Staff {
  readonly #sessions = new Map<string, SigningKeys>();

  /** Gets new sessions, which last an hour of the local clock. */
  async renew(stack: StackProcess): Promise<void> {
    for (const name of [...agents, ...approvers]) this.#sessions.set(name, await staffSession(stack, name));
  }

  sessionOf(name: string): SigningKeys {
    const session = this.#sessions.get(name);
    if (session === undefined) throw new Error(`There is no session of ${name}.`);
    return session;
  }
}

/** The key of the account's administrator. */
export const adminKeys: SigningKeys = {
  accessKeyId: seededAccessKeyId('admin'),
  secretAccessKey: 'local-admin-secret',
};

/** The policy that lets users call the API. */
export const selfServicePolicyArn = `arn:aws:iam::${deployment.accountId}:policy/mfa-self-service-${deployment.stage}-SelfService`;
