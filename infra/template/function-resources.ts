import { type BackgroundFunction, backgroundFunctions } from '../../shared/contract/background-functions.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { ifGiven } from './conditions.ts';
import { deadLettersId } from './dead-letter-queues.ts';
import { backgroundEnvironmentOf, environmentOf } from './environment.ts';
import { functionId, invokeConfigId, logGroupId, scheduleId, schedulePermissionId } from './logical-ids.ts';
import { setting } from './parameters.ts';
import { placeholders } from './placeholders.ts';
import { functionName } from './resource-names.ts';
import { roleLogicalId } from './role-resources.ts';

/** Where the zip of a function is. */
export type CodeLocation = (name: string) => { readonly S3Bucket: unknown; readonly S3Key: unknown };

type Resources = Readonly<Record<string, TemplateResource>>;

/** As declared to osls, for what it packs. */
export const runtime = { Runtime: 'nodejs24.x', Architectures: ['arm64'] } as const;

const memoryMegabytes = 1024;

/** Seconds; less than the 29 that API Gateway waits. */
const apiTimeout = 15;

/** All functions with their logs, and what invokes those without a route. By logical id. */
export function functionResources(operations: readonly Operation[], code: CodeLocation): Resources {
  const ofOperations = operations.map((operation) =>
    withLog(operation.name, apiTimeout, environmentOf(operation), code),
  );
  const ofBackground = backgroundFunctions.map((background) => ({
    ...withLog(background.name, background.timeoutSeconds, backgroundEnvironmentOf(background), code),
    ...invocation(background),
  }));
  return Object.assign({}, ...ofOperations, ...ofBackground);
}

function withLog(name: string, timeout: number, variables: object, code: CodeLocation): Resources {
  return {
    [logGroupId(name)]: logGroup(`/aws/lambda/${functionName(placeholders.stage, name)}`),
    [functionId(name)]: {
      Type: 'AWS::Lambda::Function',
      // Otherwise its first invocation might create the log group, without retention.
      DependsOn: [logGroupId(name)],
      Properties: {
        Code: code(name),
        Handler: `dist/${name}/index.handler`,
        ...runtime,
        FunctionName: functionName(placeholders.stage, name),
        MemorySize: memoryMegabytes,
        Timeout: timeout,
        TracingConfig: { Mode: 'Active' },
        Environment: { Variables: variables },
        Role: { 'Fn::GetAtt': [roleLogicalId({ name }), 'Arn'] },
        ReservedConcurrentExecutions: ifGiven('ReservedConcurrency', setting('ReservedConcurrency')),
      },
    },
  };
}

/** A log group with the deployment's retention and key. */
export const logGroup = (LogGroupName: string): TemplateResource => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: {
    LogGroupName,
    RetentionInDays: setting('LogRetentionInDays'),
    KmsKeyId: ifGiven('LogKmsKeyArn', setting('LogKmsKeyArn')),
  },
});

/** The subscriptions to logs are in audit-subscriptions.ts; one function hands events to others by itself. */
function invocation({ name, trigger }: BackgroundFunction): Resources {
  if (trigger === 'schedule') {
    const { rate, ...limits } = scheduleOf(name);
    return { ...scheduled(name, rate), [invokeConfigId(name)]: invokeConfig(name, limits) };
  }
  const OnFailure = { Destination: { 'Fn::GetAtt': [deadLettersId(name), 'Arn'] } };
  const limits = { MaximumRetryAttempts: 2, DestinationConfig: { OnFailure } };
  return { [invokeConfigId(name)]: invokeConfig(name, limits) };
}

/** A failed run's work is left to the next one. */
function scheduleOf(name: string) {
  switch (name) {
    case 'delete-expired-devices':
      return { rate: setting('ExpiredEnrolmentsRate'), MaximumRetryAttempts: 0 };
    case 'execute-recoveries':
      // A run that could not start within its minute is dropped: the next one replaces it.
      return { rate: 'rate(1 minute)', MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 };
    default:
      throw new Error(`The function ${name} has no schedule`);
  }
}

const invokeConfig = (name: string, limits: object): TemplateResource => ({
  Type: 'AWS::Lambda::EventInvokeConfig',
  Properties: { FunctionName: { Ref: functionId(name) }, Qualifier: '$LATEST', ...limits },
});

function scheduled(name: string, ScheduleExpression: string): Resources {
  const Arn = { 'Fn::GetAtt': [functionId(name), 'Arn'] };
  return {
    [scheduleId(name)]: {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression, State: 'ENABLED', Targets: [{ Arn, Id: `${name}Schedule` }] },
    },
    [schedulePermissionId(name)]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: Arn,
        Action: 'lambda:InvokeFunction',
        Principal: 'events.amazonaws.com',
        SourceArn: { 'Fn::GetAtt': [scheduleId(name), 'Arn'] },
      },
    },
  };
}
