/**
 * How often codes of one device may be sent within a window. Windows begin at whole multiples of their length, as those
 * of STS do, which itself allows nine.
 */
export const codeLimit = { most: 5, windowSeconds: 180 } as const;
