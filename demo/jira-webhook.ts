import { createHmac } from 'node:crypto';

/**
 * The headers of a webhook of Jira's administration whose secret is known: `X-Hub-Signature` over the body as it is
 * sent, which has its time in `timestamp` (milliseconds of real time).
 */
export function jiraWebhookHeaders(body: string, secret: string): { readonly 'x-hub-signature': string } {
  return { 'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
}
