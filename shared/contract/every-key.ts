import * as z from 'zod/mini';

const proto = '__proto__';

/**
 * Makes a record schema keep a key `__proto__`, which zod (4.6.7) leaves out without a word, and check its value. IAM
 * takes it as the key of a tag like any other, and `JSON` and `Object.fromEntries` keep it as a member of its own.
 */
export function keepingEveryKey<Record extends z.ZodMiniRecord>(record: Record): Record {
  const { def, parse, run } = record._zod;
  const parseAll: typeof parse = (payload, context) => {
    const own = Object.getOwnPropertyDescriptor(Object(payload.value), proto);
    const parsed = parse(payload, context);
    if (own === undefined || parsed instanceof Promise) return parsed;
    const result = def.valueType._zod.run({ value: own.value, issues: [] }, context);
    if (result instanceof Promise) throw new Error('Values of records are checked at once');
    parsed.issues.push(...z.core.util.prefixIssues(proto, result.issues));
    Object.defineProperty(parsed.value, proto, { ...own, value: result.value });
    return parsed;
  };
  record._zod.parse = parseAll;
  // A schema without checks runs its parser itself.
  if (run === parse) record._zod.run = parseAll;
  return record;
}
