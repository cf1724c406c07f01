import { webhookSystems } from '../../shared/contract/ticketing.ts';
import { listenerNames } from '../../shared/events/listeners.ts';
import { deadLetterQueueArn, type QueueOwner } from '../template/dead-letter-queues.ts';
import { type DeploymentNames, functionArn, ticketingSecretPrefix } from '../template/resource-names.ts';
import type { Statement } from './policy-document.ts';

/** What the roles of functions depend on. */
export interface RoleNames extends DeploymentNames {
  /** The address of the sender of notices. */
  readonly noticeSender: string;
}

type Grant = (names: RoleNames) => Statement;

/** To start executing a recovery without waiting for the result. */
const startExecution: Grant = (names) => ({
  Sid: 'StartExecution',
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: functionArn(names, 'execute-recoveries'),
});

/** To hand events to the functions that act on them; no other function may. */
const tellListeners: Grant = (names) => ({
  Sid: 'TellListeners',
  Effect: 'Allow',
  Action: 'lambda:InvokeFunction',
  Resource: listenerNames.map((name) => functionArn(names, name)),
});

/** Either the webhooks' secrets or the outcomes': a function that may read one kind must not read the other. */
const readTicketingSecrets =
  (ending: '' | '-outcome'): Grant =>
  ({ partition, region, accountId, stage }) => ({
    Sid: 'ReadTicketingSecrets',
    Effect: 'Allow',
    Action: 'secretsmanager:GetSecretValue',
    Resource: webhookSystems.map((system) => {
      // Secrets Manager ends every ARN with a hyphen and six characters.
      const name = `${ticketingSecretPrefix(stage)}${system}${ending}-??????`;
      return `arn:${partition}:secretsmanager:${region}:${accountId}:secret:${name}`;
    }),
  });

const putEvents: Grant = ({ partition, region, accountId }) => ({
  Sid: 'PutEvents',
  Effect: 'Allow',
  Action: 'events:PutEvents',
  Resource: `arn:${partition}:events:${region}:${accountId}:event-bus/default`,
  Condition: { StringEquals: { 'events:source': 'mfa-self-service' } },
});

export const sendMailSid = 'SendMail';

/**
 * In SES's sandbox the identities of the recipients are authorised too, and so is the default configuration set of the
 * sender's identity, if it has one. It is the sender that limits this.
 */
const sendMail: Grant = ({ partition, region, accountId, noticeSender }) => ({
  Sid: sendMailSid,
  Effect: 'Allow',
  Action: 'ses:SendEmail',
  Resource: ['identity', 'configuration-set'].map(
    (type) => `arn:${partition}:ses:${region}:${accountId}:${type}/*`,
  ),
  Condition: { StringEquals: { 'ses:FromAddress': noticeSender } },
});

/** Lambda uses the function's own role to send what failed for good to the queue. */
const keepDeadLetters =
  (owner: QueueOwner): Grant =>
  (names) => ({
    Sid: 'KeepDeadLetters',
    Effect: 'Allow',
    Action: 'sqs:SendMessage',
    Resource: deadLetterQueueArn(names, owner),
  });

const grantsOf: Readonly<Record<string, readonly Grant[]>> = {
  'approve-recovery': [startExecution],
  'receive-ticket': [readTicketingSecrets('')],
  'publish-events': [putEvents, tellListeners, keepDeadLetters('publish-events')],
  'notify-subject': [sendMail, keepDeadLetters('notify-subject')],
  'report-outcome': [readTicketingSecrets('-outcome'), keepDeadLetters('report-outcome')],
};

/** A function's permissions beyond IAM, the table, its log and its traces. */
export const grants = (name: string, names: RoleNames): readonly Statement[] =>
  (grantsOf[name] ?? []).map((grant) => grant(names));
