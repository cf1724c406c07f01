import * as z from 'zod';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { PolicyDocument } from '../principal.ts';
import { attributeOf, identifying, ignored, policy, resourcesOf } from './properties.ts';

const queueProperties = z.strictObject({
  QueueName: identifying,
  MessageRetentionPeriod: ignored('messages are kept until a reset'),
  SqsManagedSseEnabled: ignored('messages are kept in memory'),
});

const queuePolicyProperties = z.strictObject({
  Queues: z.array(z.string()),
  PolicyDocument: policy('resource'),
});

export interface Queue {
  readonly name: string;
  readonly arn: string;
  readonly policy?: PolicyDocument;
}

/** The queues with their policies. A queue has at most one: of several, the last to be set would hold. */
export function queuesOf(resolved: ResolvedTemplate): readonly Queue[] {
  const queues = resourcesOf(resolved, 'AWS::SQS::Queue', queueProperties);
  const policies = new Map<string, PolicyDocument>();
  for (const { logicalId, properties } of resourcesOf(
    resolved,
    'AWS::SQS::QueuePolicy',
    queuePolicyProperties,
  )) {
    for (const url of properties.Queues) {
      if (!queues.some(({ ref }) => ref === url)) throw new Error(`${logicalId}: there is no queue ${url}`);
      if (policies.has(url)) throw new Error(`${logicalId}: ${url} has another policy`);
      policies.set(url, properties.PolicyDocument);
    }
  }
  return queues.map((queue) => {
    const document = policies.get(queue.ref);
    return {
      name: attributeOf(queue, 'QueueName'),
      arn: attributeOf(queue, 'Arn'),
      ...(document !== undefined && { policy: document }),
    };
  });
}
