import { createHmac } from 'node:crypto';

/**
 * The headers of a Jira webhook with a secret: `X-Hub-Signature` over the body as sent. The body has the time in
 * `timestamp` (milliseconds of real time).
 */
export function jiraWebhookHeaders(body: string, secret: string): { readonly 'x-hub-signature': string } {
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
