import { isFresh, isSigned, type Verify } from './signature.ts';

/**
 * A Jira admin webhook with a secret: `sha256=` and the HMAC-SHA256 of the body in hex. Its time is in the body, in
 * milliseconds.
 * Source: developer.atlassian.com, Jira platform, Webhooks, secure admin webhooks.
 */
export const verifyJiraWebhook: Verify = ({ header, body }, keys, now) => {
  const [, hex] = /^sha256=([0-9a-fA-F]{64})$/.exec(header('x-hub-signature') ?? '') ?? [];
  if (hex === undefined || !isSigned([Buffer.from(hex, 'hex')], keys, body)) return false;
  const sentAt = timestampOf(body);
  return sentAt !== undefined && isFresh(sentAt, now);
};

function timestampOf(body: Buffer): number | undefined {
  try {
    const { timestamp }: { timestamp?: unknown } = Object(JSON.parse(body.toString('utf8')));
    return typeof timestamp === 'number' ? timestamp : undefined;
  } catch {
    return undefined;
  }
}
