import * as z from 'zod';

/** Describes an error to whoever caused it: what is wrong with which input, or the error's own message. */
export function explain(error: unknown): string {
  if (error instanceof z.ZodError) {
    return error.issues.map(({ path, message }) => [...path, message].join(': ')).join('\n');
  }
  return error instanceof Error ? error.message : String(error);
}
