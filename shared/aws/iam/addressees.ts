import { GetUserCommand } from '@aws-sdk/client-iam';
import { isProblem } from '../../contract/problem.ts';
import type { Addressees } from '../../notices/ports.ts';
import { auditScope } from './audit-scope.ts';
import { callScoped } from './scoped-clients.ts';

const work = { name: 'notify-subject', actions: ['iam:GetUser'] } as const;
/** Source identity of what nobody in person asked for. */
const identity = 'mfa-notices';
const tagKey = 'email';

/** IAM users with the address in their tag `email`, by one call, so that both are of the same user. */
export function addressees(signal: AbortSignal): Addressees {
  return {
    find: async (userName) => {
      try {
        return await callScoped(auditScope(work, identity, userName), signal, async ({ iam }) => {
          const command = new GetUserCommand({ UserName: userName });
          const { User } = await iam.send(command, { abortSignal: signal });
          const email = User?.Tags?.find(({ Key }) => Key === tagKey)?.Value;
          return { userId: User?.UserId ?? '', email };
        });
      } catch (error) {
        // IAM has one code for everything that is not there; here it can only be the user.
        if (isProblem(error, 'device-not-found')) return undefined;
        throw error;
      }
    },
  };
}
