import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { sha256 } from './canonical.ts';

/** The signing algorithm, as requests name it. */
export const algorithm = 'AWS4-HMAC-SHA256';

/** When and where a signature is valid. */
export interface SigningScope {
  /** In the form of `X-Amz-Date`: `20261124T093000Z`. */
  readonly date: string;
  /** Date, Region, service and `aws4_request`, separated by slashes. */
  readonly scope: string;
}

/** The signature of a canonical request (SigV4 specification). */
export function signatureOf(
  canonicalRequest: string,
  { date, scope }: SigningScope,
  secretAccessKey: string,
): Buffer {
  const toSign = [algorithm, date, scope, sha256(canonicalRequest)].join('\n');
  return hmac(signingKey(secretAccessKey, scope), toSign);
}

/** Deriving a key takes four HMACs, most of the work of signing, and a key stays the same for a day. */
const signingKeys = new Map<string, KeyObject>();
const maxSigningKeys = 1000;

function signingKey(secretAccessKey: string, scope: string): KeyObject {
  const name = `${scope}/${secretAccessKey}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const derived = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretAccessKey}`);
  const key = createSecretKey(Buffer.from(derived));
  if (signingKeys.size >= maxSigningKeys) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

function hmac(key: string | Buffer | KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
