import type { Environment } from '../../../clients/cli/src/host.ts';
import type { CommandTest } from './command.ts';

const roles = { ann: 'mfa-agent', pat: 'mfa-approver', kim: 'mfa-auditor' } as const;

/** Staff profiles, with the keys of the user who may assume each role. `more` is added to pat's settings. */
export async function useStaff({ api, home, as }: CommandTest, more = ''): Promise<Environment> {
  const sections = Object.entries(roles).map(([name, role]) => {
    const keys = as(name);
    return `[profile ${name}]
role_arn = arn:aws:iam::123456789012:role/${role}
source_profile = ${name}-keys
role_session_name = ${name}
endpoint_url = ${api.stack.awsUrl}
${name === 'pat' ? more : ''}
[profile ${name}-keys]
aws_access_key_id = ${keys['AWS_ACCESS_KEY_ID']}
aws_secret_access_key = ${keys['AWS_SECRET_ACCESS_KEY']}
`;
  });
  await home.write('.aws/config', sections.join('\n'));
  return { IAM_MFA_API_URL: api.stack.apiUrl };
}
