import { webhookSystems } from '../../../shared/contract/ticketing.ts';
import type { Answer, Sending } from '../client.ts';
import { type Check, verdict } from '../finding.ts';
import { described, isOurs } from '../requests.ts';
import { isSigned, type Subject } from '../subject.ts';
import { functionOf, statement } from '../targets.ts';

/** What each open route answers to somebody who signs nothing. */
const answersOf: Readonly<Record<string, (answer: Answer) => boolean>> = {
  'get-portal': isPage,
  'get-docs': isPage,
  'get-health': ({ status, text }) => status === 200 && text === '{"status":"ok"}',
  'get-openapi': ({ status, text }) =>
    status === 200 && text.startsWith('{') && text.includes('"openapi":"3.1'),
  // A webhook that nobody signed.
  'receive-ticket': ({ status, code }) =>
    (status === 403 && code === 'webhook-refused') || (status === 404 && code === 'ticketing-not-configured'),
};

/** Routes that answer unsigned requests. */
export const openRoutes = ({ client, operations }: Subject): readonly Check[] =>
  operations
    .filter((operation) => !isSigned(operation))
    .map((operation) => ({
      name: `open: ${operation.name}`,
      standsFor: [statement('AllowAnonymousRoutes'), functionOf(operation.name)],
      run: async () => {
        const isRight = answersOf[operation.name];
        if (isRight === undefined) throw new Error(`Say what ${operation.name} answers to everyone.`);
        const sendings = addressesOf(operation).map((path) => webhookOr(operation.method, path));
        const answers = await Promise.all(sendings.map((sending) => client.send(sending, undefined)));
        return verdict(
          ...sendings.map((sending, index) => {
            const answer = answers[index];
            return answer !== undefined && !(isOurs(answer) && isRight(answer)) && described(sending, answer);
          }),
        );
      },
    }));

const addressesOf = ({ path }: { readonly path: string }): readonly string[] =>
  path.includes('{system}') ? webhookSystems.map((system) => path.replace('{system}', system)) : [path];

const webhookOr = (method: string, path: string): Sending =>
  method === 'POST' ? { method, path, body: '{}', headers: wrongSignatures() } : { method, path };

/** Signatures of every kind, by nobody. */
function wrongSignatures(): Readonly<Record<string, string>> {
  const now = String(Math.floor(Date.now() / 1000));
  return {
    'webhook-id': 'verify',
    'webhook-timestamp': now,
    'webhook-signature': `v1,${Buffer.alloc(32).toString('base64')}`,
    'x-hub-signature': `sha256=${'0'.repeat(64)}`,
    'x-zendesk-webhook-signature': Buffer.alloc(32).toString('base64'),
    'x-zendesk-webhook-signature-timestamp': new Date().toISOString(),
  };
}

function isPage({ status, headers, text }: Answer): boolean {
  return status === 200 && /^text\/html/.test(headers['content-type'] ?? '') && /<!doctype html>/i.test(text);
}
