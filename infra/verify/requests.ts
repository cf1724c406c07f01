import type { Operation } from '../../shared/contract/operation.ts';
import type { Answer, Sending } from './client.ts';

/** Nobody and nothing has these names, so a request that gets past a gate does no harm. */
const names: Readonly<Record<string, string>> = {
  deviceId: 'verify-no-such-device',
  serialNumber: 'verify-no-such-device',
  userName: 'verify-no-such-user',
  // As long as real ones: policies of the help desk allow no others.
  recoveryId: 'verifynosuchrecovery'.padEnd(26, 'a'),
  system: 'standard',
};

/** A path whose parameters name what does not exist. */
export function filled(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = names[name];
    if (value === undefined) throw new Error(`${path}: nothing to put in for ${name}`);
    return value;
  });
}

/** No operation accepts the body, so a request that gets past a gate changes nothing. */
export function bodyFor(method: string): { readonly body?: string } {
  return ['POST', 'PUT', 'PATCH'].includes(method) ? { body: '{"verify":true}' } : {};
}

/** Nor does any operation know the parameter. */
export const guarded = (path: string): string => `${path}${path.includes('?') ? '&' : '?'}verify=1`;

/** A request that its function refuses before it does anything, in a way that shows how far it got. */
export const invalid = ({ method, path }: Operation): Sending => ({
  method,
  path: guarded(filled(path)),
  ...bodyFor(method),
});

/** Whether a function read an invalid request: it names the parameter that does not exist. */
export const wasRead = (answer: Answer): boolean =>
  isOurs(answer) && answer.code === 'validation-failed' && answer.text.includes('"/query/verify"');

/** Functions set this header on every response. */
export const isOurs = ({ headers }: Answer): boolean => headers['x-request-id'] !== undefined;

/** Whether no response came. */
export const isLost = ({ status }: Answer): boolean => status === 0;

export const deniedByGateway = (answer: Answer): boolean =>
  answer.status === 403 && answer.code === 'access-denied' && !isOurs(answer);

export function described({ method, path, headers = {} }: Sending, { status, text }: Answer): string {
  const named = Object.entries(headers).map(([name, value]) => ` (${name}: ${value})`);
  return `${method} ${path}${named.join('')}: ${status === 0 ? 'no answer,' : status} ${text.slice(0, 300)}`;
}

/** How many requests are in flight at once. */
const concurrency = 8;

export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}

/** The work's result, which later calls share. */
export function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
