import type { Operation } from '../../shared/contract/operation.ts';
import { type Answer, type Client, failsSignature, type Sending } from './client.ts';
import type { Keys } from './sign.ts';
import { spellingsOf } from './spellings.ts';

/** The result of a check; it passed if there are no faults. */
export interface Finding {
  readonly check: string;
  readonly faults: readonly string[];
  /** The number of requests refused for their signature alone: they say nothing about the gate. */
  readonly undecided?: number;
}

export interface Subject {
  readonly client: Client;
  readonly operations: readonly Operation[];
  readonly longTerm: Keys;
  /** A session of the same user without MFA. */
  readonly withoutMfa: Keys;
  /** A session of the same user with MFA, just obtained. */
  readonly steppedUp: Keys;
}

/** No device has this name, so a request that gets past the gate does no harm. */
const unknownDevice = 'verify-no-such-device';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** How many requests are in flight at once. */
const concurrency = 8;

/** Runs all checks one after another and yields the result of each. */
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

/** Without this the refusals below would prove nothing: an API that refuses everyone would pass them too. */
async function letsIn({ client, steppedUp }: Subject): Promise<Finding> {
  const sending = {
    method: 'PATCH',
    path: `/v1/mfa-devices/${unknownDevice}`,
    body: JSON.stringify({ label: 'verify' }),
  };
  const answer = await client.send(sending, steppedUp);
  return {
    check: 'a session with recent MFA is let in: the device is not found',
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
      ...(unproven ? [`${described(first, plain)}: signed with keys unknown to AWS`] : []),
      ...answers.filter(([, answer]) => !isRefusal(answer)).map((entry) => described(...entry)),
    ],
    undecided: answers.filter(([, answer]) => failsSignature(answer)).length,
  };
}

/** The problems of the gate, of routing and of the functions' path check. Any other comes from beyond them. */
const refusals = new Set([
  'access-denied',
  'step-up-required',
  'unauthenticated',
  'session-expired',
  'route-not-found',
]);

function isRefusal({ status, headers, code, text }: Answer): boolean {
  if (status >= 400 && status < 500) {
    // A response that is not from our functions comes from a proxy in front or from API Gateway itself.
    return (
      refusals.has(code) || headers['x-amzn-errortype'] !== undefined || (code === '' && !isOurs(headers))
    );
  }
  // API Gateway's response to OPTIONS is harmless.
  return status === 204 && headers['access-control-allow-methods'] !== undefined && text === '';
}

/** Functions set this header on every response. */
function isOurs(headers: Answer['headers']): boolean {
  return headers['x-request-id'] !== undefined;
}

/** No operation accepts the body, so even a request that gets past the gate changes nothing. */
function spelled({ method, path }: Operation): readonly Sending[] {
  const body = bodyFor(method);
  return spellingsOf(filled(path)).map((spelling) => ({ method, path: spelling, ...body }));
}

/** The override header with every method that can carry it, as API Gateway might honour it. */
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
  return path.replaceAll(/\{\w+\}/g, unknownDevice);
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
