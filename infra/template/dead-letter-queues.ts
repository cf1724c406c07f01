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

/** The queues, by logical id, each with a policy that lets EventBridge send to it and denies access without TLS. */
export function deadLetterResources(settings: Pick<TemplateSettings, 'stage' | 'operatorTopicArn'>) {
  return Object.fromEntries(usedQueues(settings).flatMap((owner) => queueWithPolicy(owner, settings.stage)));
}

function queueWithPolicy(owner: QueueOwner, stage: string): readonly (readonly [string, object])[] {
  const id = deadLettersId(owner);
  const Resource = { 'Fn::GetAtt': [id, 'Arn'] };
  const onlyOwnRules = {
    StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
    ArnLike: {
      'aws:SourceArn': {
        'Fn::Sub': `arn:\${AWS::Partition}:events:\${AWS::Region}:\${AWS::AccountId}:rule/mfa-self-service-${stage}-*`,
      },
    },
  };
  const queue = {
    Type: 'AWS::SQS::Queue',
    Properties: {
      QueueName: deadLetterQueueName(stage, owner),
      // Two weeks, the maximum of SQS.
      MessageRetentionPeriod: 1_209_600,
      SqsManagedSseEnabled: true,
    },
  };
  const policy = {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'OnlyByTls',
            Effect: 'Deny',
            Principal: '*',
            Action: 'sqs:*',
            Resource,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Sid: 'UndeliveredEvents',
            Effect: 'Allow',
            Principal: { Service: 'events.amazonaws.com' },
            Action: 'sqs:SendMessage',
            Resource,
            Condition: onlyOwnRules,
          },
        ],
      },
    },
  };
  return [
    [id, queue],
    [`${id}Policy`, policy],
  ];
}
