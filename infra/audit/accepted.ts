import type { Finding } from './findings.ts';

/** Findings accepted on purpose. A pattern must match the whole text. */
export interface Accepted {
  readonly rule: string;
  /** Matches the resources' logical ids. */
  readonly resources: RegExp;
  /** Matches what the rule says about the resource; without it, anything does. */
  readonly detail?: RegExp;
  readonly reason: string;
}

export const accepted: readonly Accepted[] = [
  {
    rule: 'AwsSolutions-APIG2',
    resources: /ApiGatewayRestApi/,
    reason:
      'Functions validate path, query and body strictly against the contract and report every issue; API Gateway ' +
      'would check less and say less.',
  },
  {
    rule: 'AwsSolutions-APIG3',
    resources: /ApiGatewayStage/,
    reason:
      'A web ACL is for the account’s owner to choose and pay for; it can be associated with the stage outside ' +
      'this stack. Requests are signed, throttled and bounded in size.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    resources:
      /ApiGatewayMethod(V1(Docs|Health|Openapijson))?Get|ApiGatewayMethodV1TicketingSystemVarPost|ApiGatewayResourceV1\w*Preflight/,
    reason:
      'Anonymous on purpose: the page, health, the API’s own description, preflights, which browsers do not sign, ' +
      'and webhooks, which their function accepts only with the ticketing system’s signature.',
  },
  {
    rule: 'AwsSolutions-COG4',
    resources: /ApiGatewayMethod(V1\w+|Get)|ApiGatewayResourceV1\w*Preflight/,
    reason: 'Callers are IAM users who sign with their access keys (AWS_IAM); there is no user pool.',
  },
  {
    rule: 'AwsSolutions-APIG6',
    resources: /ApiGatewayStage/,
    reason:
      'Execution logs can hold headers and bodies, and with them seeds, codes and session tokens. Access logs are on.',
  },
  {
    rule: 'AwsSolutions-SMG4',
    resources: /CursorSecret/,
    reason:
      'Seals list cursors and protects no account; incrementing cursorKeyGeneration gives it a new value ' +
      '(docs/operate.md).',
  },
  {
    rule: 'AwsSolutions-SMG4',
    resources: /TicketingSecret\w+/,
    reason:
      'Shared with a ticketing system, where an administrator has to enter the new value: it is rotated by hand, ' +
      'and both versions are valid until then (docs/ticketing.md).',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail:
      /Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:\/aws\/lambda\/[\w-]+:\*/,
    reason: 'The streams of the function’s own log group; Lambda chooses their names.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail: /Resource::\*/,
    reason: 'X-Ray’s PutTraceSegments and IAM’s ListVirtualMFADevices support no resource-level permissions.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /DeviceRole|DeviceReadRole|AuditRole|MaintenanceRole|RecoveryRole/,
    detail: /Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:(user|mfa|mfa\/self-service)\/\*/,
    reason:
      'Any user may be the caller or the subject. Functions assume these roles with a session policy for one ' +
      'operation on one user, and only with a source identity. The sweep of expired enrolments is limited to the ' +
      'product’s own path.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /NotifySubjectRole/,
    detail:
      /Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:(identity|configuration-set)\/\*/,
    reason:
      'The deployer chooses the sender’s identity, a domain or an address, and whether it has a configuration set.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /AuditorPolicy/,
    detail:
      /Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiGatewayRestApi>\/[\w-]+\/GET\/v1\/users\/\*\/mfa-devices/,
    reason: 'The name of any user. Everything below /v1/users is read-only.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /SelfServicePolicy/,
    detail:
      /Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiGatewayRestApi>\/[\w-]+\/\*\/v1\/.+/,
    reason: 'The routes below a prefix. The resource policy decides which of them need recent MFA.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail: /Action::kms:(GenerateDataKey|ReEncrypt)\*/,
    reason:
      'What DynamoDB does with the table’s key on behalf of its callers; on that key and through DynamoDB only.',
  },
  {
    rule: 'Serverless-LambdaStarPermissions',
    resources: /\w+Role/,
    reason: 'The same wildcards as under AwsSolutions-IAM5, where each is explained.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    resources: /\w+LambdaFunction/,
    reason:
      'API Gateway invokes synchronously, so the caller sees a failure. After a scheduled run fails, the next one ' +
      'does its work. Functions invoked by logs and events have a failure destination, which also records the ' +
      'reason.',
  },
  {
    rule: 'Serverless-LambdaAsyncFailureDestination',
    resources: /(DeleteDashexpiredDashdevices|ExecuteDashrecoveries)LambdaEvConf/,
    reason:
      'The work to do is in the table and in IAM: the next run does what this one did not, and an alarm reports ' +
      'errors.',
  },
  {
    rule: 'Serverless-EventBusDLQ',
    resources: /(DeleteDashexpiredDashdevices|ExecuteDashrecoveries)EventsRuleSchedule1/,
    reason: 'The event carries nothing but the time: the next one will do.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    resources: /\w+DeadLetters/,
    reason: 'These are the dead-letter queues of functions and of rules; the audit does not recognise that.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    resources: /\w+DeadLetters/,
    reason: 'These are the dead-letter queues: only people receive from them.',
  },
];

/** The findings that no explanation covers. */
export function unexplained(
  findings: readonly Finding[],
  explanations: readonly Accepted[] = accepted,
): readonly Finding[] {
  return findings.filter((finding) => !explanations.some((explanation) => explains(explanation, finding)));
}

/** The explanations that match no finding; left in place, they would accept a later one unseen. */
export function unused(
  findings: readonly Finding[],
  explanations: readonly Accepted[] = accepted,
): readonly Accepted[] {
  return explanations.filter((explanation) => !findings.some((finding) => explains(explanation, finding)));
}

function explains({ rule, resources, detail }: Accepted, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    matchesAll(resources, finding.logicalId) &&
    (detail === undefined || matchesAll(detail, finding.detail))
  );
}

function matchesAll({ source }: RegExp, text: string): boolean {
  return new RegExp(`^(?:${source})$`, 's').test(text);
}
