/** The services of the AWS endpoint, by their names in signature scopes. */
export type Service =
  | QueryService
  | 'apigateway'
  | 'dynamodb'
  | 'events'
  | 'secretsmanager'
  | 'lambda'
  | 'ses';

/** The services with the Query protocol. */
export type QueryService = 'cloudformation' | 'iam' | 'sts';
