import { createHmac, timingSafeEqual } from 'node:crypto';

/** A webhook as received: nothing in it is trusted before its signature is verified. */
export interface SignedWebhook {
  /** The value of a header that was sent exactly once, by its lower-case name; otherwise undefined. */
  header(name: string): string | undefined;
  /** The bytes that were sent. */
  readonly body: Buffer;
}

/**
 * Whether a webhook is signed with one of the keys and was sent just now.
 * @param now milliseconds since the epoch, in real time, which signatures are dated by
 */
export type Verify = (webhook: SignedWebhook, keys: readonly Buffer[], now: number) => boolean;

/** How far the time of a signature may be from now, in either direction. */
const skewMillis = 300_000;

/** A shorter key could be guessed, and everyone knows the empty one. */
const shortestKey = 16;

export const isFresh = (at: number, now: number): boolean => Math.abs(now - at) <= skewMillis;

export const hmacSha256 = (key: Buffer, ...parts: readonly (string | Buffer)[]): Buffer =>
  parts.reduce((hmac, part) => hmac.update(part), createHmac('sha256', key)).digest();

/** Whether any of the signatures is that of the parts under any of the keys. Compares in constant time. */
export function isSigned(
  signatures: readonly Buffer[],
  keys: readonly Buffer[],
  ...parts: readonly (string | Buffer)[]
): boolean {
  const expected = keys.filter(isKey).map((key) => hmacSha256(key, ...parts));
  return expected.some((right) =>
    signatures.some((given) => given.length === right.length && timingSafeEqual(given, right)),
  );
}

/** The 32 bytes of a SHA-256 in base64; empty unless the text is exactly that. */
export function fromBase64(text: string): readonly Buffer[] {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? [Buffer.from(text, 'base64')] : [];
}

/** The key of a secret: `whsec_` and base64 (Standard Webhooks), or any other text verbatim. */
export function keyOf(secret: string): Buffer {
  const [, base64] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
  return base64 === undefined ? Buffer.from(secret, 'utf8') : Buffer.from(base64, 'base64');
}

/** Whether a key is long enough to sign with. */
export const isKey = (key: Buffer): boolean => key.length >= shortestKey;
