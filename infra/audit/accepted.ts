import type { Finding } from './findings.ts';

/** Findings that are so on purpose. Every pattern fits the whole of the text. */
export interface Accepted {
  readonly rule: string;
  /** Of the resources' logical ids. */
  readonly resources: RegExp;
  /** Of what the rule says of the resource; without it, of whatever it says. */
  readonly detail?: RegExp;
  readonly reason: string;
}

export const accepted: readonly Accepted[] = [
  {
    rule: 'AwsSolutions-S1',
    resources: /ServerlessDeploymentBucket/,
    reason: 'Holds bundles and templates of deployments, which CloudTrail shows; requests to it need TLS.',
  },
  {
    rule: 'AwsSolutions-APIG2',
    resources: /ApiGatewayRestApi/,
    reason:
      'Functions check path, query and body by the contract, strictly, and name everything wrong; API Gateway would check ' +
      'less and say less.',
  },
  {
    rule: 'AwsSolutions-APIG3',
    resources: /ApiGatewayStage/,
    reason:
      'A web ACL is the account owner’s to choose and pay for; it can be associated with the stage without this stack. ' +
      'Requests are signed, throttled and bounded in size.',
  },
  {
    rule: 'AwsSolutions-APIG4',
    resources:
      /ApiGatewayMethod(V1(Docs|Health|Openapijson))?Get|ApiGatewayMethodV1TicketingSystemVarPost|ApiGatewayResourceV1\w*Preflight/,
    reason:
      'Anonymous on purpose: the page, health, the API’s own description, preflights, which browsers do not sign, and ' +
      'webhooks, which their function takes only with a signature of the ticketing system.',
  },
  {
    rule: 'AwsSolutions-COG4',
    resources: /ApiGatewayMethod(V1\w+|Get)|ApiGatewayResourceV1\w*Preflight/,
    reason: 'Callers are IAM users, who sign with their access keys (AWS_IAM): there is no user pool.',
  },
  {
    rule: 'AwsSolutions-APIG6',
    resources: /ApiGatewayStage/,
    reason:
      'Execution logs can hold headers and bodies, and with them seeds, codes and session tokens. Access logs are on.',
  },
  {
    rule: 'AwsSolutions-SMG4',
    resources: /CursorSecret\d+/,
    reason:
      'Seals cursors of lists and protects no account: a new one is made by counting up cursorKeyGeneration ' +
      '(docs/operate.md).',
  },
  {
    rule: 'AwsSolutions-SMG4',
    resources: /TicketingSecret\w+/,
    reason:
      'Shared with a ticketing system, where its administrator has to put the new one: he rotates it by hand, with both ' +
      'versions valid meanwhile (docs/ticketing.md).',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail:
      /Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:\/aws\/lambda\/[\w-]+:\*/,
    reason: 'The streams of the function’s own log group, which Lambda names.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail: /Resource::\*/,
    reason: 'X-Ray’s PutTraceSegments and IAM’s ListVirtualMFADevices know no resources.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /DeviceRole|AuditRole|MaintenanceRole|RecoveryRole/,
    detail: /Resource::arn:<AWS::Partition>:iam::<AWS::AccountId>:(user|mfa|mfa\/self-service)\/\*/,
    reason:
      'Any user may call or be the subject. Functions get these roles with a session policy of one operation on one user, ' +
      'and only with a source identity. What sweeps expired enrolments looks at no other path than the product’s.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /NotifySubjectRole/,
    detail: /Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity\/\*/,
    reason: 'Which identity the sender belongs to, a domain or an address, is for the deployer to choose.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /AuditorPolicy/,
    detail:
      /Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiGatewayRestApi>\/[\w-]+\/GET\/v1\/users\/\*\/mfa-devices/,
    reason: 'The name of any user. Below users there is nothing but to be read.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /SelfServicePolicy/,
    detail:
      /Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<ApiGatewayRestApi>\/[\w-]+\/\*\/v1\/.+/,
    reason: 'The routes below a prefix. Which of them need recent MFA is for the resource policy to say.',
  },
  {
    rule: 'AwsSolutions-IAM5',
    resources: /\w+Role/,
    detail: /Action::kms:(GenerateDataKey|ReEncrypt)\*/,
    reason:
      'What DynamoDB does with the table’s key in the name of its callers; on that key and through DynamoDB only.',
  },
  {
    rule: 'Serverless-LambdaStarPermissions',
    resources: /\w+Role/,
    reason: 'The same wildcards as of AwsSolutions-IAM5, each of which is explained there.',
  },
  {
    rule: 'Serverless-LambdaDLQ',
    resources: /\w+LambdaFunction/,
    reason:
      'API Gateway invokes synchronously, and its caller learns of a failure. What a schedule invokes is repeated by the ' +
      'next run. What logs and events invoke has a failure destination, which also says why.',
  },
  {
    rule: 'Serverless-LambdaAsyncFailureDestination',
    resources: /(DeleteDashexpiredDashdevices|ExecuteDashrecoveries)LambdaEvConf/,
    reason:
      'What is to be done is in the table and in IAM: the next run does what this one did not, and an alarm tells of ' +
      'errors.',
  },
  {
    rule: 'Serverless-EventBusDLQ',
    resources: /(DeleteDashexpiredDashdevices|ExecuteDashrecoveries)EventsRuleSchedule1/,
    reason: 'The event says nothing but the time: the next one is as good.',
  },
  {
    rule: 'AwsSolutions-SQS3',
    resources: /\w+DeadLetters/,
    reason: 'These are the dead-letter queues: of functions and of rules, which the audit does not see.',
  },
  {
    rule: 'Serverless-SQSRedrivePolicy',
    resources: /\w+DeadLetters/,
    reason: 'These are the dead-letter queues: nothing receives from them but people.',
  },
];

/** The findings that nothing here explains. */
export function unexplained(
  findings: readonly Finding[],
  explanations: readonly Accepted[] = accepted,
): readonly Finding[] {
  return findings.filter((finding) => !explanations.some((explanation) => explains(explanation, finding)));
}

/** The explanations that explain nothing that was found: what they accept may come back unseen. */
export function unused(
  findings: readonly Finding[],
  explanations: readonly Accepted[] = accepted,
): readonly Accepted[] {
  return explanations.filter((explanation) => !findings.some((finding) => explains(explanation, finding)));
}

function explains({ rule, resources, detail }: Accepted, finding: Finding): boolean {
  return (
    rule === finding.rule &&
    fits(resources, finding.logicalId) &&
    (detail === undefined || fits(detail, finding.detail))
  );
}

function fits({ source }: RegExp, text: string): boolean {
  return new RegExp(`^(?:${source})$`, 's').test(text);
}
