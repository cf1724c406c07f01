import { spellingsOf } from '../../infra/verify/spellings.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Api, Who } from './e2e.ts';
import { codesNow, type Enrolled, tokenSeed } from './e2e-flows.ts';
import type { Answer } from './http.ts';

/** A request to a gated route. */
export interface GatedRequest {
  readonly operation: string;
  readonly method: string;
  readonly path: string;
  /** Includes the question mark, or is empty. */
  readonly query: string;
  readonly body: unknown;
}

const hardware = { serialNumber: 'GAHT00000001', seed: tokenSeed };

/**
 * A request for each gated operation of the contracts. Known ones would take effect for the owner of the pending
 * device; for a new operation the address is at least right, which is all the gate looks at.
 */
export async function gatedRequests(
  api: Api,
  pending: Pick<Enrolled, 'name' | 'seed'>,
): Promise<readonly GatedRequest[]> {
  const known: Readonly<Record<string, Partial<GatedRequest>>> = {
    'create-mfa-device': { body: { name: 'intruder' } },
    'enable-mfa-device': { body: codesNow(api, pending.seed) },
    'enable-hardware-mfa-device': { body: codesNow(api, hardware.seed) },
    'resync-mfa-device': { body: codesNow(api, pending.seed) },
    'tag-mfa-device': { body: { tags: { team: 'red' } } },
    'untag-mfa-device': { query: '?key=team' },
    'update-mfa-device': { body: { label: 'mine' } },
  };
  const operations = (await loadOperations()).filter(({ gate }) => gate === 'second-factor');
  return operations.map(({ name, method, path }) => ({
    operation: name,
    method,
    path: path.replace('{serialNumber}', hardware.serialNumber).replaceAll(/\{\w+\}/g, pending.name),
    query: '',
    body: method === 'GET' || method === 'DELETE' ? undefined : {},
    ...known[name],
  }));
}

/** The gate's own problems; any other comes from behind it. */
const refusals = new Set(['access-denied', 'step-up-required', 'unauthenticated', 'route-not-found']);

/**
 * Whether a request got past the gate, or was refused only for its signature, in which case the attack would
 * prove nothing.
 */
export function provesNoGate(answer: Answer): boolean {
  return (
    answer.status < 400 ||
    !refusals.has(answer.json().code) ||
    answer.headers['x-amzn-errortype'] === 'InvalidSignatureException'
  );
}

/** Sends a request to its own path, or to another, which may already have a query. */
export function sendTo(api: Api, who: Who, request: GatedRequest, path = request.path, headers = {}) {
  const query = path.includes('?') ? request.query.replace('?', '&') : request.query;
  return api.fetch(who, request.method, `${path}${query}`, request.body, headers);
}

/** Sends a request in every spelling of its path; returns those that the gate did not stop. */
export async function lettingIn(api: Api, who: Who, request: GatedRequest): Promise<readonly string[]> {
  const paths = spellingsOf(request.path);
  const answers = await Promise.all(
    paths.map(async (path) => [path, await sendTo(api, who, request, path)] as const),
  );
  return answers
    .filter(([, answer]) => provesNoGate(answer))
    .map(([path, { status, text }]) => `${path}: ${status} ${text}`);
}
