import { styleText } from 'node:util';
import { hardwareSerialNumber, seededAccessKeyId, seededSeeds } from './aws/seed.ts';
import { deployment } from './deployment.ts';
import { defaultPorts } from './ports.ts';
import type { LocalStack } from './stack.ts';
import { tableLines } from './table.ts';

/** What each seeded user is for, in display order. */
const purposes: ReadonlyMap<string, string> = new Map([
  ['alice', 'has no device yet'],
  ['bob', 'has the device phone'],
  ['carol', 'no device; path /team/'],
  ['dora', 'has a FIDO key only'],
  ['ann', 'may assume mfa-agent'],
  ['abe', 'may assume mfa-agent'],
  ['pat', 'may assume mfa-approver'],
  ['pia', 'may assume mfa-approver'],
  ['kim', 'may assume mfa-auditor'],
  ['admin', 'may do everything'],
]);

/** What `npm start` prints once everything is running, for a terminal of 80 columns. */
export function welcome({ apiUrl, awsUrl, account }: LocalStack, dataDir: string | undefined): string {
  const { accountId, region } = deployment;
  const awsPort = new URL(awsUrl).port;
  const environment = awsPort === String(defaultPorts.aws) ? '' : `AWS_PORT=${awsPort} `;
  return `
${bold('MFA self-service, with a local AWS')}

  API     ${apiUrl}
  Page    ${apiUrl}/  (sign in with a key below)
  AWS     ${awsUrl}  (account ${accountId}, ${region})
  Events  ${awsUrl}/_local/events  (mails, too)
  State   ${dataDir ?? 'in memory; set DATA_DIR=<folder> to keep it'}

${bold('Users')} (these keys are public and work here only)

${table(['name', 'access key id', 'secret access key', ''], usersOf(account))}

  Agents request recoveries, approvers decide on them, auditors see who has
  MFA. A role session must have its user's name.

${bold('Codes')} of devices: ${environment}npm run -s totp -- <seed>

${table(
  ['device', 'seed'],
  [
    ["bob's phone", seededSeeds.phone],
    [`hardware token ${hardwareSerialNumber}, unassigned`, seededSeeds.hardware],
  ],
)}

${bold('Next')}, in another terminal: who is alice, and how many devices does she have?

  curl --aws-sigv4 aws:amz:${region}:execute-api \\
    --user ${seededAccessKeyId('alice')}:local-alice-secret ${apiUrl}/v1/me

Press Ctrl-C to stop. Requests:
`;
}

/** Name, keys and purpose of the seeded users that there still are. The keys of others are nobody else's business. */
function usersOf({ users }: LocalStack['account']): readonly (readonly string[])[] {
  return [...purposes].flatMap(([name, purpose]) => {
    const key = users
      .find(name)
      ?.accessKeys.find(({ accessKeyId }) => accessKeyId === seededAccessKeyId(name));
    return key ? [[name, key.accessKeyId, key.secretAccessKey, purpose]] : [];
  });
}

/** A table, indented. */
const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  tableLines(headings, rows)
    .map((line) => `  ${line}`)
    .join('\n');

/** `styleText` omits attributes if the output does not support them. */
function bold(text: string): string {
  return styleText('bold', text);
}
