import type { Operation } from '../../shared/contract/operation.ts';
import { type Answer, type Client, failsSignature, type Sending } from './client.ts';
import type { Keys } from './sign.ts';
import { spellingsOf } from './spellings.ts';

/** What was checked, and what speaks against it; nothing when it holds. */
export interface Finding {
  readonly check: string;
  readonly faults: readonly string[];
  /** Requests that only their signature stopped: they say nothing of the gate. */
  readonly undecided?: number;
}

export interface Subject {
  readonly client: Client;
  readonly operations: readonly Operation[];
  readonly longTerm: Keys;
  /** Of the same user, obtained without MFA. */
  readonly withoutMfa: Keys;
  /** Of the same user, obtained with MFA just now. */
  readonly steppedUp: Keys;
}

/** No device has this name: what gets past the gate does no harm. */
const nobodysDevice = 'verify-no-such-device';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** How many requests are under way at once. */
const concurrency = 8;

/** Checks everything, one finding after the other. */
export async function* verify(subject: Subject): AsyncGenerator<Finding> {
  const gated = subject.operations.filter(({ gate }) => gate === 'second-factor');
  if (gated.length === 0) throw new Error('No operation needs the second factor.');
  yield await answersIdentity(subject);
  yield await letsIn(subject);
  const callers = [
    ['unsigned', undefined],
    ['with a long-term key', subject.longTerm],
    ['with a session without MFA', subject.withoutMfa],
  ] as const;
  for (const operation of gated) {
    for (const [how, keys] of callers) {
      yield await refuses(
        subject.client,
        `${operation.name} ${how}, in every spelling`,
        keys,
        spelled(operation),
      );
    }
  }
  for (const [how, keys] of callers) {
    yield await refuses(subject.client, `every method override ${how}`, keys, gated.flatMap(overridden));
  }
}

async function answersIdentity({ client, longTerm }: Subject): Promise<Finding> {
  const answer = await client.send({ method: 'GET', path: '/v1/me' }, longTerm);
  return {
    check: 'GET /v1/me answers a long-term key',
    faults: answer.status === 200 ? [] : [described({ method: 'GET', path: '/v1/me' }, answer)],
  };
}

/** Without this the refusals below would prove nothing: an API that refuses everybody refuses these too. */
async function letsIn({ client, steppedUp }: Subject): Promise<Finding> {
  const sending = {
    method: 'PATCH',
    path: `/v1/mfa-devices/${nobodysDevice}`,
    body: JSON.stringify({ label: 'verify' }),
  };
  const answer = await client.send(sending, steppedUp);
  return {
    check: 'a session with recent MFA is let in, and told that there is no such device',
    faults: answer.code === 'device-not-found' ? [] : [described(sending, answer)],
  };
}

async function refuses(
  client: Client,
  check: string,
  keys: Keys | undefined,
  sendings: readonly Sending[],
): Promise<Finding> {
  const answers = await inParallel(
    sendings,
    async (sending) => [sending, await client.send(sending, keys)] as const,
  );
  const [[first, plain] = []] = answers;
  const unproven = first !== undefined && plain !== undefined && failsSignature(plain);
  return {
    check: `refused: ${check} (${sendings.length})`,
    faults: [
      ...(unproven ? [`${described(first, plain)}: signed with keys that AWS does not know`] : []),
      ...answers.filter(([, answer]) => !isRefusal(answer)).map((entry) => described(...entry)),
    ],
    undecided: answers.filter(([, answer]) => failsSignature(answer)).length,
  };
}

/** What gate, routing and the functions' check of the path answer. Any other problem comes from beyond them. */
const refusals = new Set([
  'access-denied',
  'step-up-required',
  'unauthenticated',
  'session-expired',
  'route-not-found',
]);

function isRefusal({ status, headers, code, text }: Answer): boolean {
  if (status >= 400 && status < 500) {
    // An answer that is none of ours was made before the API, by a proxy or by API Gateway itself.
    return (
      refusals.has(code) || headers['x-amzn-errortype'] !== undefined || (code === '' && !isOurs(headers))
    );
  }
  // What API Gateway answers to OPTIONS does nothing.
  return status === 204 && headers['access-control-allow-methods'] !== undefined && text === '';
}

/** Functions set this on every answer. */
function isOurs(headers: Answer['headers']): boolean {
  return headers['x-request-id'] !== undefined;
}

/** The body is one that no operation takes: also what gets past the gate changes nothing. */
function spelled({ method, path }: Operation): readonly Sending[] {
  const body = bodyFor(method);
  return spellingsOf(filled(path)).map((spelling) => ({ method, path: spelling, ...body }));
}

/** As API Gateway honours it, after any method that carries it. */
function overridden({ path }: Operation): readonly Sending[] {
  return ['POST', 'GET', 'PUT', 'OPTIONS'].flatMap((method) =>
    methods.map((override) => ({
      method,
      path: filled(path),
      headers: { 'x-http-method-override': override },
      ...bodyFor(method),
    })),
  );
}

function bodyFor(method: string): { readonly body?: string } {
  return ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{"verify":true}' } : {};
}

function filled(path: string): string {
  return path.replaceAll(/\{\w+\}/g, nobodysDevice);
}

function described({ method, path, headers = {} }: Sending, { status, text }: Answer): string {
  const override = Object.entries(headers).map(([name, value]) => ` (${name}: ${value})`);
  return `${method} ${path}${override.join('')}: ${status} ${text.slice(0, 300)}`;
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
