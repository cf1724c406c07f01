import { Logger } from '@aws-lambda-powertools/logger';
import { Problem } from './contract/problem.ts';

/** Structured lines for CloudWatch Logs. Callers pass names and numbers, never input or an AWS answer as it is. */
export const log = new Logger({ serviceName: 'mfa-self-service' });

/**
 * What may be logged of an error: names and places, no messages, since those of others can quote what was sent.
 * Only a `Problem`'s own words are known to hold nothing secret.
 */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: typeof error };
  return {
    error: error.name,
    ...(error instanceof Problem ? { code: error.code, detail: error.message } : { stack: framesOf(error) }),
    ...('$metadata' in error ? { awsRequestId: Reflect.get(Object(error.$metadata), 'requestId') } : {}),
    ...(error.cause === undefined ? {} : { cause: errorFields(error.cause) }),
  };
}

const framesOf = (error: Error) =>
  (error.stack ?? '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 10);
