import type { Caller } from '../contract/caller.ts';
import type { Metered } from '../contract/code-limit.ts';
import { Problem } from '../contract/problem.ts';
import { codesRefused, metered } from '../devices/codes.ts';
import type { CodeBudget, MfaDirectory } from '../devices/ports.ts';
import { propagationMillis } from '../devices/propagation.ts';
import { clock } from '../lib/clock.ts';
import type { SessionCredentials, SessionRelay } from './ports.ts';
import { checkPresignedRequest } from './presigned-request.ts';

export interface SessionContext {
  readonly caller: Caller;
  readonly directory: MfaDirectory;
  readonly relay: SessionRelay;
  readonly budget: CodeBudget;
  /** STS endpoints that requests may be signed for. */
  readonly endpoints: readonly string[];
}

/**
 * Credentials with MFA from a GetSessionToken request that the caller signed. Throws `validation-failed` for a request
 * that must not be forwarded. If STS refuses it, throws the likely reason: `device-not-found`, `device-not-ready` or
 * `invalid-authentication-code`. Throws `throttled` before STS would.
 */
export async function obtainSession(
  presignedUrl: string,
  context: SessionContext,
): Promise<Metered<SessionCredentials>> {
  const { caller, endpoints, relay, directory } = context;
  const request = checkPresignedRequest(presignedUrl, {
    endpoints,
    accessKeyId: caller.accessKeyId,
    now: Date.now(),
  });
  return metered(context, async ({ budget }) => {
    await budget.spend(request.serialNumber);
    const session = await relay.getSessionToken(request.url);
    if (session) return session;
    throw await refusal(request.serialNumber, directory);
  });
}

/** STS has one answer for many causes; IAM's list tells most of them apart. */
async function refusal(serialNumber: string, directory: MfaDirectory): Promise<Problem> {
  const active = await directory.listActive();
  const device = active.find((candidate) => candidate.serialNumber === serialNumber);
  if (!device) {
    return new Problem(
      'device-not-found',
      'You have no active device with the SerialNumber of the presigned request. GET /v1/me/mfa-devices lists ' +
        'those you have.',
    );
  }
  const retryAfter = Math.ceil((device.enabledAt.getTime() + propagationMillis - clock.now()) / 1000);
  if (retryAfter > 0) {
    return new Problem(
      'device-not-ready',
      'This device was enabled seconds ago and STS does not know it yet. Sign a new request with a fresh code in ' +
        `${retryAfter} seconds.`,
      { retryAfter },
    );
  }
  return codesRefused(
    'STS did not accept the code: it is wrong, was used before, or too many were tried in the last three minutes. ' +
      'Wait for the next code, and sign a new request with it. If fresh codes keep failing, the device’s clock has ' +
      'drifted: resynchronise it (POST /v1/me/resyncs).',
    true,
  );
}
