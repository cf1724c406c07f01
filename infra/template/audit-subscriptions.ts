import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { functionId, logGroupId } from './logical-ids.ts';
import { placeholders } from './placeholders.ts';
import { service } from './resource-names.ts';

/** The function that turns audit lines into events. It writes none itself, or it would trigger itself endlessly. */
const publisher = 'publish-events';

/** Matches the log lines that become events. */
const auditPattern = '{ $.audit IS TRUE }';

/** The functions that write audit lines. */
const auditedFunctions = (operations: readonly Operation[]): readonly string[] => [
  ...operations.filter(({ audit }) => audit !== undefined).map(({ name }) => name),
  ...backgroundFunctions.filter(({ trigger }) => trigger === 'schedule').map(({ name }) => name),
];

/**
 * Sends all functions' audit lines to the one that publishes them as events: a subscription per log group, and one
 * permission for the log groups of this stage's functions. By logical id.
 */
export function auditSubscriptions(
  operations: readonly Operation[],
): Readonly<Record<string, TemplateResource>> {
  const publisherArn = { 'Fn::GetAtt': [functionId(publisher), 'Arn'] };
  const subscriptions = auditedFunctions(operations).map((name) => {
    const groupId = logGroupId(name);
    return [`${groupId}Audit`, subscription(groupId, publisherArn)] as const;
  });
  return { [permissionId]: permission(publisherArn), ...Object.fromEntries(subscriptions) };
}

const { partition, region, accountId, stage } = placeholders;

const permissionId = 'AuditLinesPermission';

const subscription = (groupId: string, DestinationArn: object): TemplateResource => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  // CloudWatch Logs tests the destination when the subscription is created.
  DependsOn: [permissionId],
  Properties: { LogGroupName: { Ref: groupId }, FilterPattern: auditPattern, DestinationArn },
});

const permission = (FunctionName: object): TemplateResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName,
    Principal: 'logs.amazonaws.com',
    SourceAccount: accountId,
    SourceArn: `arn:${partition}:logs:${region}:${accountId}:log-group:/aws/lambda/${service}-${stage}-*:*`,
  },
});
