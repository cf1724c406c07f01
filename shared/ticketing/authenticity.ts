import { Problem } from '../contract/problem.ts';
import type { WebhookSystem } from '../contract/ticketing.ts';
import { log } from '../lib/log.ts';
import { verifyJiraWebhook } from './jira-webhook.ts';
import type { SecretSource } from './ports.ts';
import { isKey, keyOf, type SignedWebhook, type Verify } from './signature.ts';
import { verifyStandardWebhook } from './standard-webhook.ts';
import { verifyZendeskWebhook } from './zendesk-webhook.ts';

const verifiers: Readonly<Record<WebhookSystem, Verify>> = {
  standard: verifyStandardWebhook,
  jira: verifyJiraWebhook,
  zendesk: verifyZendeskWebhook,
};

/** How old a cached secret may be; if it does not match, a newer one is fetched, but not for every guess. */
const maxAgeMillis = 300_000;
const maxAgeOfWrongMillis = 10_000;

/** Throws `webhook-refused`, worded the same whatever is wrong, unless the system has just signed the webhook. */
export async function assertAuthentic(
  webhook: SignedWebhook,
  system: WebhookSystem,
  secrets: SecretSource,
): Promise<void> {
  const isAuthentic = async (maxAge: number) =>
    verifiers[system](webhook, keysOf(await secrets.get(system, maxAge), system), Date.now());
  if ((await isAuthentic(maxAgeMillis)) || (await isAuthentic(maxAgeOfWrongMillis))) return;
  throw new Problem(
    'webhook-refused',
    'Sign the webhook when you send it, as docs/ticketing.md says for this system, with the secret shared with it.',
  );
}

/** The keys of these secrets. Keys that are too short are logged and not used. */
export function keysOf(secrets: readonly string[], name: string): readonly Buffer[] {
  const keys = secrets.map(keyOf);
  const good = keys.filter(isKey);
  if (good.length < keys.length) log.error('ticketing secret too short', { secret: name });
  return good;
}
