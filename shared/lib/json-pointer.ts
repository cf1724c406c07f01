/** True for a JSON pointer (RFC 6901) to anything but the whole document. */
export const isPointer = (text: string): boolean => /^(\/([^~/]|~[01])*)+$/.test(text);

/** The value that a pointer refers to in a parsed document, or undefined. */
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
  // Own members only, so neither `__proto__` nor `constructor`.
  return Object.hasOwn(value, token) ? Reflect.get(value, token) : undefined;
}
