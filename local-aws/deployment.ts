import { functionName, ticketingSecretPrefix } from '../infra/template/resource-names.ts';
import { webhookSystems } from '../shared/contract/ticketing.ts';

/** Where the product is "deployed" locally. */
export const deployment = {
  partition: 'aws',
  accountId: '123456789012',
  region: 'us-east-1',
  urlSuffix: 'amazonaws.com',
  stackName: 'mfa-self-service-local',
  apiId: 'localapi00',
  stage: 'local',
  noticeSender: 'mfa@example.com',
} as const;

/** The name of an operation's local function. */
export function localFunctionName(operation: string): string {
  return functionName(deployment.stage, operation);
}

const ticketingSecret = 'local-ticketing-secret';

/** What is put into the secrets of ticketing systems once they exist, as an operator would. By name. */
export const putSecrets: Readonly<Record<string, string>> = Object.fromEntries(
  webhookSystems.map((system) => [
    `${ticketingSecretPrefix(deployment.stage)}${system}`,
    system === 'standard' ? `whsec_${Buffer.from(ticketingSecret).toString('base64')}` : ticketingSecret,
  ]),
);
