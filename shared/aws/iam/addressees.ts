import { GetUserCommand } from '@aws-sdk/client-iam';
import type { Addressees } from '../../notices/ports.ts';
import { auditScope } from './audit-scope.ts';
import { scopedCall } from './scoped-clients.ts';

const work = { name: 'notify-subject', actions: ['iam:GetUser'] } as const;
/** Source identity for lookups that no person requested. */
const identity = 'mfa-notices';
const tagKey = 'email';

/** Finds IAM users and their tag `email` in one call, so that both certainly belong to the same user. */
export const addressees = (signal: AbortSignal): Addressees => ({
  find: async (userName) => {
    const call = scopedCall(auditScope(work, identity, userName), signal);
    const found = await call(new GetUserCommand({ UserName: userName }), { NoSuchEntity: () => undefined });
    const email = found?.User?.Tags?.find(({ Key }) => Key === tagKey)?.Value;
    return found && { userId: found.User?.UserId ?? '', email };
  },
});
