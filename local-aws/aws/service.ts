/** The services of the AWS endpoint, by the names that signatures are scoped to. */
export type Service = QueryService | 'events' | 'secretsmanager' | 'lambda' | 'ses';

/** Those that speak the Query protocol. */
export type QueryService = 'iam' | 'sts';
