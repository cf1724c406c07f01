import { Problem } from '../contract/problem.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Writes one JSON line to CloudWatch Logs. Callers pass names and numbers, never raw input or an AWS response. */
const write = (level: string, message: string, fields: Fields): void => {
  process.stdout.write(`${JSON.stringify({ level, message, ...fields })}\n`);
};

export const log = {
  info: (message: string, fields: Fields) => write('INFO', message, fields),
  warn: (message: string, fields: Fields) => write('WARN', message, fields),
  error: (message: string, fields: Fields) => write('ERROR', message, fields),
};

/**
 * What may be logged of an error: names and places, but no messages, since those of libraries can quote what was sent.
 * Only a `Problem`'s own message is known to hold no secret.
 */
export function errorFields(error: unknown): Fields {
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
