import type { TemplateResource } from '../cloudformation/template.ts';
import { onlyIfGiven } from './conditions.ts';
import { placeholders } from './placeholders.ts';
import { type DeploymentNames, pascalCase, service } from './resource-names.ts';

/** Targets whose failed deliveries are kept: functions invoked asynchronously, and the operators' topic. */
export const queueOwners = ['publish-events', 'notify-subject', 'report-outcome', 'operators'] as const;

export type QueueOwner = (typeof queueOwners)[number];

export const deadLetterQueueName = (stage: string, owner: QueueOwner): string =>
  `${service}-${stage}-${owner}-dead-letters`;

export const deadLetterQueueArn = (
  { partition, region, accountId, stage }: DeploymentNames,
  owner: QueueOwner,
): string => `arn:${partition}:sqs:${region}:${accountId}:${deadLetterQueueName(stage, owner)}`;

/** The logical id of a target's dead-letter queue. */
export const deadLettersId = (owner: string): string => `${pascalCase(owner)}DeadLetters`;

/** Makes a resource exist only if its owner does: the operators' topic is optional. */
export const whereUsed = (owner: QueueOwner, resource: TemplateResource): TemplateResource =>
  owner === 'operators' ? onlyIfGiven('OperatorTopicArn', resource) : resource;

/** The queues with their policies, by logical id. */
export function deadLetterResources(): Readonly<Record<string, TemplateResource>> {
  return Object.fromEntries(
    queueOwners.flatMap((owner) =>
      queueWithPolicy(owner).map(([id, resource]) => [id, whereUsed(owner, resource)]),
    ),
  );
}

function queueWithPolicy(owner: QueueOwner): readonly (readonly [string, TemplateResource])[] {
  const id = deadLettersId(owner);
  const queue = {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: deadLetterQueueName(placeholders.stage, owner),
      // Two weeks, the maximum of SQS.
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    },
  };
  const Statement = [onlyByTls(id), ...(owner === 'operators' ? [undelivered(id)] : [])];
  const policy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: { Queues: [{ Ref: id }], PolicyDocument: { Version: '2012-10-17', Statement } },
  };
  return [
    [id, queue],
    [`${id}Policy`, policy],
  ];
}

const onlyByTls = (id: string) => ({
  Sid: 'OnlyByTls',
  Effect: 'Deny',
  Principal: '*',
  Action: 'sqs:*',
  Resource: { 'Fn::GetAtt': [id, 'Arn'] },
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** EventBridge has no role to send with; Lambda sends with that of the function. */
const undelivered = (id: string) => ({
  Sid: 'UndeliveredEvents',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': [id, 'Arn'] },
  Condition: {
    StringEquals: { 'aws:SourceAccount': placeholders.accountId },
    ArnLike: {
      'aws:SourceArn': `arn:${placeholders.partition}:events:${placeholders.region}:${placeholders.accountId}:rule/mfa-self-service-${placeholders.stage}-*`,
    },
  },
});
