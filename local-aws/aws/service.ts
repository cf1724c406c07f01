/** The services of the AWS endpoint, by their names in signature scopes. */
export type Service = QueryService | 'dynamodb' | 'events' | 'secretsmanager' | 'lambda' | 'ses';

/** The services with the Query protocol. */
export type QueryService = 'iam' | 'sts';
