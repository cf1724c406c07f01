import { readFileSync } from 'node:fs';
import { deployment } from '../../local-aws/deployment.ts';
import { parsePolicy } from '../../local-aws/policy/validate.ts';
import type { PolicyDocument } from '../../local-aws/principal.ts';

/** The service control policy that docs/security.md shows, as it is in the file. */
export const scpText = readFileSync(new URL('../../docs/policies/scp.json', import.meta.url), 'utf8');

/** The same for the account, the API and the sender of the local AWS. */
export const localScp = (): PolicyDocument =>
  parsePolicy(
    scpText
      .replaceAll('111122223333', deployment.accountId)
      .replaceAll('abcde12345', deployment.apiId)
      .replaceAll('mfa@example.com', deployment.noticeSender),
    'identity',
  );
