import * as z from 'zod/mini';
import * as core from 'zod/v4/core';

const proto = '__proto__';

const EveryKeyRecord = /* @__PURE__ */ core.$constructor<z.ZodMiniRecord>('EveryKeyRecord', (schema, def) => {
  const init: (schema: z.ZodMiniRecord, def: z.core.$ZodRecordDef) => void = z.ZodMiniRecord.init;
  init(schema, def);
  const { parse } = schema._zod;
  schema._zod.parse = (payload, context) => {
    const own = Object.getOwnPropertyDescriptor(Object(payload.value), proto);
    const parsed = parse(payload, context);
    if (own === undefined || parsed instanceof Promise) return parsed;
    const result = def.valueType._zod.run({ value: own.value, issues: [] }, context);
    if (result instanceof Promise) throw new Error('Values of records are checked at once');
    parsed.issues.push(...core.util.prefixIssues(proto, result.issues));
    Object.defineProperty(parsed.value, proto, { ...own, value: result.value });
    return parsed;
  };
});

/**
 * A record that keeps a key `__proto__`, which zod's (4.6.7) leaves out without a word, and checks its value. IAM takes
 * it as the key of a tag like any other, and `JSON` and `Object.fromEntries` keep it as a member of its own.
 */
export const recordOfEveryKey = <Key extends z.core.$ZodRecordKey, Value extends z.core.$ZodType>(
  keyType: Key,
  valueType: Value,
): z.ZodMiniRecord<Key, Value> =>
  new EveryKeyRecord({ type: 'record', keyType, valueType }) as z.ZodMiniRecord<Key, Value>;
