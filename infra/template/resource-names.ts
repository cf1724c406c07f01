/** The product's name in the names of all deployed resources. */
export const service = 'mfa-self-service';

/** What ARNs are built from: real values, or CloudFormation placeholders for `Fn::Sub`. */
export interface DeploymentNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stage: string;
  readonly tableName: string;
}

/** The name of an operation's Lambda function. */
export const functionName = (stage: string, operation: string): string => `${service}-${stage}-${operation}`;

export const functionArn = (
  { partition, region, accountId, stage }: DeploymentNames,
  operation: string,
): string => `arn:${partition}:lambda:${region}:${accountId}:function:${functionName(stage, operation)}`;

/** The path reserved for the roles of this stage's functions: the roles that they assume trust it. */
export const functionRolePath = (stage: string): string => `/${service}/${stage}/`;

/** The name of the role of an operation's function. */
export const functionRoleName = (stage: string, operation: string): string => `${stage}-${operation}`;

export const functionRoleArn = (
  { partition, accountId, stage }: DeploymentNames,
  operation: string,
): string =>
  `arn:${partition}:iam::${accountId}:role${functionRolePath(stage)}${functionRoleName(stage, operation)}`;

/** The managed policy that prevents a user from enrolling a device outside this API during a recovery. */
export const enrolmentHoldName = (stage: string): string => `${service}-${stage}-EnrolmentHold`;

export const enrolmentHoldArn = ({
  partition,
  accountId,
  stage,
}: Pick<DeploymentNames, 'partition' | 'accountId' | 'stage'>): string =>
  `arn:${partition}:iam::${accountId}:policy/${enrolmentHoldName(stage)}`;

/** The prefix of the names of secrets shared with ticketing systems; the system's name follows. */
export const ticketingSecretPrefix = (stage: string): string => `${service}/${stage}/ticketing/`;

/** Converts a kebab-case name to the form that logical ids have. */
export const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
