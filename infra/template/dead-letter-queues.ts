import type { CompiledResource } from './cloudformation.ts';
import { type DeploymentNames, pascalCase, service } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

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

/** The owners that this deployment has: all functions, and the operators' topic if one is set. */
export const usedQueues = ({
  operatorTopicArn,
}: Pick<TemplateSettings, 'operatorTopicArn'>): readonly QueueOwner[] =>
  queueOwners.filter((owner) => owner !== 'operators' || operatorTopicArn !== undefined);

/** The queues with their policies, by logical id. */
export function deadLetterResources(settings: Pick<TemplateSettings, 'stage' | 'operatorTopicArn'>) {
  return Object.fromEntries(usedQueues(settings).flatMap((owner) => queueWithPolicy(owner, settings.stage)));
}

function queueWithPolicy(owner: QueueOwner, stage: string): readonly (readonly [string, CompiledResource])[] {
  const id = deadLettersId(owner);
  const queue = {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: deadLetterQueueName(stage, owner),
      // Two weeks, the maximum of SQS.
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    },
  };
  const Statement = [onlyByTls(id), ...(owner === 'operators' ? [undelivered(id, stage)] : [])];
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
const undelivered = (id: string, stage: string) => ({
  Sid: 'UndeliveredEvents',
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: { 'Fn::GetAtt': [id, 'Arn'] },
  Condition: {
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    ArnLike: {
      'aws:SourceArn': {
        'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/mfa-self-service-${stage}-*`,
      },
    },
  },
});
