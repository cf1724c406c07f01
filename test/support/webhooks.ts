import { createHmac } from 'node:crypto';
import type { SignedWebhook } from '../../shared/ticketing/signature.ts';

export type Headers = Readonly<Record<string, string>>;

/** A way of signing webhooks, written independently of the product's. */
export interface Signer {
  readonly system: 'standard' | 'jira' | 'zendesk';
  /** The headers for a body. Jira's time is in the body. */
  sign(body: string | Buffer, key: string, at: number, id?: string): Headers;
  /** A body that contains any time the signature needs. */
  body(content: object, at: number): string;
}

const hmac = (key: string, ...parts: readonly (string | Buffer)[]) =>
  createHmac('sha256', key).update(Buffer.concat(parts.map((part) => Buffer.from(part))));

const seconds = (at: number) => String(Math.floor(at / 1000));
const iso = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;

export const standardSigner: Signer = {
  system: 'standard',
  sign: (body, key, at, id = 'msg_1') => ({
    'webhook-id': id,
    'webhook-timestamp': seconds(at),
    'webhook-signature': `v1,${hmac(key, `${id}.${seconds(at)}.`, body).digest('base64')}`,
  }),
  body: (content) => JSON.stringify(content),
};

export const jiraSigner: Signer = {
  system: 'jira',
  sign: (body, key) => ({ 'X-Hub-Signature': `sha256=${hmac(key, body).digest('hex')}` }),
  body: (content, at) => JSON.stringify({ timestamp: at, ...content }),
};

export const zendeskSigner: Signer = {
  system: 'zendesk',
  sign: (body, key, at) => ({
    'X-Zendesk-Webhook-Signature-Timestamp': iso(at),
    'X-Zendesk-Webhook-Signature': hmac(key, iso(at), body).digest('base64'),
  }),
  body: (content) => JSON.stringify(content),
};

export const signers = [standardSigner, jiraSigner, zendeskSigner];

/** A webhook as the endpoint passes it on. */
export function webhook(headers: Headers, body: string | Buffer): SignedWebhook {
  const byName = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { header: (name) => byName.get(name), body: Buffer.from(body) };
}
