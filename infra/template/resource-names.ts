/** The name of the product in the names of everything that is deployed. */
export const service = 'mfa-self-service';

/** Where things are: real values, or CloudFormation's placeholders for `Fn::Sub`. */
export interface DeploymentNames {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stage: string;
  readonly tableName: string;
}

/** Name of an operation's Lambda function. */
export const functionName = (stage: string, operation: string): string => `${service}-${stage}-${operation}`;

export const functionArn = (
  { partition, region, accountId, stage }: DeploymentNames,
  operation: string,
): string => `arn:${partition}:lambda:${region}:${accountId}:function:${functionName(stage, operation)}`;

/** The path that only roles of this stage's functions may have: the roles that they assume trust it. */
export const functionRolePath = (stage: string): string => `/${service}/${stage}/`;

/** Name of the role of an operation's function. */
export const functionRoleName = (stage: string, operation: string): string => `${stage}-${operation}`;

export const functionRoleArn = (
  { partition, accountId, stage }: DeploymentNames,
  operation: string,
): string =>
  `arn:${partition}:iam::${accountId}:role${functionRolePath(stage)}${functionRoleName(stage, operation)}`;

/** The managed policy that keeps a user from enrolling a device past this API while a recovery is under way. */
export const enrolmentHoldName = (stage: string): string => `${service}-${stage}-EnrolmentHold`;

export const enrolmentHoldArn = ({ partition, accountId, stage }: DeploymentNames): string =>
  `arn:${partition}:iam::${accountId}:policy/${enrolmentHoldName(stage)}`;

/** What the names of the secrets shared with ticketing systems begin with; the system's name follows. */
export const ticketingSecretPrefix = (stage: string): string => `${service}/${stage}/ticketing/`;

/** A name in kebab case as it is in logical ids. */
export const pascalCase = (name: string): string =>
  name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
