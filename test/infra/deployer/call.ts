export const accountId = '111122223333';
export const region = 'eu-west-1';

/** An ARN where the tests deploy. */
export const here = (service: string, resource: string): string =>
  `arn:aws:${service}:${region}:${accountId}:${resource}`;

/** One call to AWS with the credentials of whoever deploys. */
export interface Call {
  readonly action: string;
  readonly resource: string;
  /** On whose behalf. */
  readonly why: string;
}

/** A way to deploy: its files, what it names its stack, and where the functions' code is. */
export interface Way {
  readonly files: readonly string[];
  readonly stack: string;
  readonly code: string;
  /** What the tool itself calls. */
  readonly own: readonly Call[];
}

export const stack = here('cloudformation', 'stack/mfa-self-service-prod/1b2c');
export const bucket = 'arn:aws:s3:::mfa-self-service-prod-serverlessdeploymentbucket-1abc';
