import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import {
  type CompiledResource,
  type CompiledTemplate,
  functionIdOf,
  logGroupIdOf,
} from './cloudformation.ts';
import { functionName, service } from './resource-names.ts';

/** The function that turns audit lines into events. It writes none itself, or it would trigger itself endlessly. */
const publisher = 'publish-events';

/** Matches the log lines that become events. */
export const auditPattern = '{ $.audit IS TRUE }';

/** The functions that write audit lines. */
export const auditedFunctions = (operations: readonly Operation[]): readonly string[] => [
  ...operations.filter(({ audit }) => audit !== undefined).map(({ name }) => name),
  ...backgroundFunctions.filter(({ trigger }) => trigger === 'schedule').map(({ name }) => name),
];

/**
 * Sends all functions' audit lines to the one that publishes them as events: a subscription per log group, and one
 * permission for the log groups of this stage's functions. By logical id.
 */
export function auditSubscriptions(
  template: CompiledTemplate,
  operations: readonly Operation[],
  stage: string,
): Readonly<Record<string, CompiledResource>> {
  const publisherArn = { 'Fn::GetAtt': [functionIdOf(template, functionName(stage, publisher)), 'Arn'] };
  const subscriptions = auditedFunctions(operations).map((name) => {
    const groupId = logGroupIdOf(template, functionName(stage, name));
    return [`${groupId}Audit`, subscription(groupId, publisherArn)] as const;
  });
  return { [permissionId]: permission(stage, publisherArn), ...Object.fromEntries(subscriptions) };
}

const permissionId = 'AuditLinesPermission';

const subscription = (groupId: string, DestinationArn: object): CompiledResource => ({
  Type: 'AWS::Logs::SubscriptionFilter',
  // CloudWatch Logs tests the destination when the subscription is created.
  DependsOn: [permissionId],
  Properties: { LogGroupName: { Ref: groupId }, FilterPattern: auditPattern, DestinationArn },
});

const permission = (stage: string, FunctionName: object): CompiledResource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    Action: 'lambda:InvokeFunction',
    FunctionName,
    Principal: 'logs.amazonaws.com',
    SourceAccount: { Ref: 'AWS::AccountId' },
    SourceArn: {
      'Fn::Sub': `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:/aws/lambda/${service}-${stage}-*:*`,
    },
  },
});
