import { type DeploymentNames, service } from './resource-names.ts';

/** Whose deliveries are kept when they fail for good: functions that nobody waits for, and the topic of operators. */
export const queueOwners = ['publish-events', 'notify-subject', 'report-outcome', 'operators'] as const;

export type QueueOwner = (typeof queueOwners)[number];

export const deadLetterQueueName = (stage: string, owner: QueueOwner): string =>
  `${service}-${stage}-${owner}-dead-letters`;

export const deadLetterQueueArn = (
  { partition, region, accountId, stage }: DeploymentNames,
  owner: QueueOwner,
): string => `arn:${partition}:sqs:${region}:${accountId}:${deadLetterQueueName(stage, owner)}`;
