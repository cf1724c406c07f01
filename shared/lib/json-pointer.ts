/** A JSON pointer to anything but the whole document. Source: RFC 6901. */
export const isPointer = (text: string): boolean => /^(\/([^~/]|~[01])*)+$/.test(text);

/** What a pointer points to in a parsed document; undefined where there is nothing. */
export function valueAt(document: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(memberOf, document);
}

function memberOf(value: unknown, token: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && !/^(0|[1-9]\d*)$/.test(token)) return undefined;
  // Only what the document itself has: neither `__proto__` nor `constructor`.
  return Object.hasOwn(value, token) ? Reflect.get(value, token) : undefined;
}
