import { createHash } from 'node:crypto';
import type { Place } from './template.ts';

const lowerCase = 'abcdefghijklmnopqrstuvwxyz0123456789';

export const alphabets = {
  lowerCase,
  anyCase: `${lowerCase}${lowerCase.slice(0, 26).toUpperCase()}`,
} as const;

/** What AWS would choose at random. It depends on the stack and the purpose alone, so that resolving is repeatable. */
export function madeUp(place: Place, purpose: string, length: number, alphabet: string): string {
  return [...digestOf(place, purpose).subarray(0, length)]
    .map((byte) => alphabet[byte % alphabet.length])
    .join('');
}

export function madeUpUuid(place: Place, purpose: string): string {
  const digits = digestOf(place, purpose).toString('hex');
  const part = (start: number, end: number) => digits.slice(start, end);
  return [part(0, 8), part(8, 12), `4${part(13, 16)}`, `a${part(17, 20)}`, part(20, 32)].join('-');
}

function digestOf({ partition, accountId, region, stackName }: Place, purpose: string): Buffer {
  const text = [partition, accountId, region, stackName, purpose].join('\n');
  return createHash('sha256').update(text).digest();
}
