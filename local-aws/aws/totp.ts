import { createHmac, createSecretKey } from 'node:crypto';
import { HOTP, Secret } from 'otpauth';

const stepMs = 30_000;
const searchBack = 998;
const searchAhead = 1000;
const stsWindow = 2;

/** The RFC 6238 time step (30 s) of a time in milliseconds. */
export function stepAt(now: number): number {
  return Math.floor(now / stepMs);
}

/** The six digits of a step (HMAC-SHA-1). @param seed base32 */
export function codeAt(seed: string, step: number): string {
  return codesOf(seed)(step);
}

/**
 * The step of the second of two consecutive codes, nearest to `adjustedStep`; undefined if there is none. AWS was
 * observed to search from 998 steps behind to 1,000 ahead. Both codes must be newer than `lastStep`.
 */
export function findPair(
  seed: string,
  [code1, code2]: readonly [string, string],
  { adjustedStep, lastStep = -1 }: { readonly adjustedStep: number; readonly lastStep?: number | undefined },
): number | undefined {
  const code = codesOf(seed);
  const isPair = (step: number) => step - 1 > lastStep && code(step) === code2 && code(step - 1) === code1;
  for (let distance = 0; distance <= searchAhead; distance++) {
    if (isPair(adjustedStep + distance)) return adjustedStep + distance;
    if (distance <= searchBack && isPair(adjustedStep - distance)) return adjustedStep - distance;
  }
  return undefined;
}

/** The steps at which STS would accept a code: up to two on either side of the device's adjusted time. */
export function stepsForCode(seed: string, code: string, adjustedStep: number): readonly number[] {
  const codeOf = codesOf(seed);
  const steps: number[] = [];
  for (let step = adjustedStep - stsWindow; step <= adjustedStep + stsWindow; step++) {
    if (step >= 0 && codeOf(step) === code) steps.push(step);
  }
  return steps;
}

function codesOf(seed: string): (step: number) => string {
  const secret = Secret.fromBase32(seed);
  // A search takes up to 2,000 HMACs, each four times as fast with a key object as with raw bytes.
  const key = createSecretKey(secret.bytes);
  const hmac = (_algorithm: string, _key: Uint8Array, message: Uint8Array) =>
    createHmac('sha1', key).update(message).digest();
  return (step) => HOTP.generate({ secret, counter: step, digits: 6, algorithm: 'SHA1', hmac });
}
