import { webhookSystems } from '../shared/contract/ticketing.ts';
import { deployment } from './deployment.ts';

/** Values of the template's parameters in the local deployment, unless others are given; the rest have their defaults. */
export const localParameters: Readonly<Record<string, string>> = {
  Stage: deployment.stage,
  NoticeSender: deployment.noticeSender,
  Ticketing: JSON.stringify(Object.fromEntries(webhookSystems.map((system) => [system, {}]))),
  OutcomePrivateAddresses: 'allow',
  OperatorTopicArn: `arn:aws:sns:${deployment.region}:${deployment.accountId}:operators`,
  // Whoever tests the API may send as much as they like.
  ThrottlingRateLimit: '1000000',
  ThrottlingBurstLimit: '1000000',
};
