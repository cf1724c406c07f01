import { fromBase64, hmacSha256, isFresh, isSigned, type Verify } from './signature.ts';

/** More than any rotation of secrets needs. */
const mostSignatures = 8;

/**
 * Standard Webhooks with symmetric keys: `v1,` and the base64 of the HMAC-SHA256 of id, seconds and body.
 * Source: standardwebhooks.com, specification 1.0.0.
 */
export const verifyStandardWebhook: Verify = ({ header, body }, keys, now) => {
  const id = header('webhook-id') ?? '';
  const timestamp = header('webhook-timestamp') ?? '';
  // With a dot in the id, its end could pass for the time.
  if (!/^[\x21-\x2d\x2f-\x7e]{1,256}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return false;
  const signatures = (header('webhook-signature') ?? '').split(' ');
  if (signatures.length > mostSignatures) return false;
  const given = signatures.flatMap((signature) =>
    signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : [],
  );
  return isSigned(given, keys, `${id}.${timestamp}.`, body) && isFresh(Number(timestamp) * 1000, now);
};

/** The headers that turn a body into a Standard Webhook, signed with every key so that the receiver can rotate. */
export function standardWebhookHeaders(
  id: string,
  body: string,
  keys: readonly Buffer[],
  now: number,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now / 1000));
  const signatures = keys.map((key) => hmacSha256(key, `${id}.${timestamp}.`, body).toString('base64'));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.map((signature) => `v1,${signature}`).join(' '),
  };
}
