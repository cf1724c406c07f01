import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import {
  type CompiledResource,
  type CompiledTemplate,
  functionIdOf,
  logGroupIdOf,
} from './cloudformation.ts';
import { functionName, service } from './resource-names.ts';

/** The function that makes events of audit lines. It writes none itself, or it would be told of them for ever. */
const publisher = 'publish-events';

/** The lines that events are made of. */
export const auditPattern = '{ $.audit IS TRUE }';

/** The functions that write audit lines. */
export const auditedFunctions = (operations: readonly Operation[]): readonly string[] => [
  ...operations.filter(({ audit }) => audit !== undefined).map(({ name }) => name),
  ...backgroundFunctions.filter(({ trigger }) => trigger === 'schedule').map(({ name }) => name),
];

/**
 * Leads the audit lines of all functions to the one that makes events of them: one subscription per log, and one
 * permission for the logs of this stage's functions. By logical id.
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
  // CloudWatch Logs tries the destination when the subscription is made.
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
