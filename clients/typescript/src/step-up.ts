import type { Credentials } from './credentials.ts';
import { type Endpoint, stsEndpointOf } from './endpoint.ts';
import { ApiError, isProblem, ProblemError, StepUpError } from './errors.ts';
import type { DeviceSummary, GetMeOutput, Session } from './models.ts';
import type { CodeAnswer, CodeCallback } from './options.ts';
import { type GetSessionToken, presignGetSessionToken } from './sign.ts';
import { unlessAborted, wait } from './wait.ts';

/** The API calls a step-up makes, signed with the caller's own credentials. */
export interface StepUpApi {
  devices(signal: AbortSignal): Promise<readonly DeviceSummary[]>;
  createSession(presignedUrl: string, signal: AbortSignal): Promise<Session>;
}

export interface StepUp {
  readonly api: StepUpApi;
  readonly me: GetMeOutput;
  readonly credentials: Credentials;
  readonly endpoint: Endpoint;
  readonly code: CodeCallback;
  readonly codeAttempts: number;
  readonly waitForDevice: boolean;
  /** Seconds; defaults to the time for which MFA counts as recent. */
  readonly sessionDuration: number | undefined;
  readonly signal: AbortSignal;
}

/** Seconds. Source: STS API Reference, GetSessionToken. */
const durations = { shortest: 900, longest: 129_600 };

/** Throws a TypeError for a duration that STS does not allow. */
export function assertSessionDuration(seconds: number | undefined): void {
  if (seconds === undefined) return;
  const { shortest, longest } = durations;
  if (Number.isInteger(seconds) && seconds >= shortest && seconds <= longest) return;
  throw new TypeError(`sessionDuration must be a whole number of seconds from ${shortest} to ${longest}.`);
}

/** The operation that errors name. */
const operation = 'createSession';

/** How often to wait for a device that STS does not know yet; it usually takes about 15 seconds. */
const mostWaits = 3;

/**
 * Asks for a code and exchanges it for a session, asking again if it is not accepted. Throws a `StepUpError`, or the
 * problem that the last code met.
 */
export async function obtainSession(stepUp: StepUp): Promise<Session> {
  const { api, codeAttempts, signal } = stepUp;
  const sts = stsOf(stepUp);
  const devices = (await api.devices(signal)).filter(
    ({ status, kind }) => status === 'active' && kind !== 'fido',
  );
  if (devices.length === 0) throw new StepUpError('no-device', operation);
  let problem: ProblemError | undefined;
  for (let attempt = 1, waits = 0; ; ) {
    try {
      const answer = await askForCode(stepUp, { devices, attempt, problem });
      return await sessionFor(stepUp, sts, devices, answer);
    } catch (error) {
      problem = error instanceof ProblemError ? error : undefined;
      if (isProblem(error, 'device-not-ready') && stepUp.waitForDevice && waits < mostWaits) {
        waits += 1;
        await wait((error.retryAfter ?? 1) * 1000, signal);
      } else if (mayAskAgain(error) && attempt < codeAttempts) attempt += 1;
      else throw error;
    }
  }
}

/** Checked before the user is asked for a code. */
function stsOf({ endpoint, me }: StepUp): Endpoint {
  const sts = stsEndpointOf(me.stsEndpoint, endpoint);
  if (sts !== undefined) return sts;
  throw new ApiError('unexpected-answer', operation, 'The API did not name a valid STS endpoint.');
}

const mayAskAgain = (error: unknown): boolean =>
  isProblem(error, 'invalid-authentication-code') ||
  (error instanceof StepUpError && error.reason === 'malformed-code');

async function askForCode(
  { code, signal }: StepUp,
  request: Omit<Parameters<CodeCallback>[0], 'signal'>,
): Promise<CodeAnswer> {
  const asked = Promise.resolve(code({ ...request, signal }));
  const answer = await unlessAborted(asked, signal);
  if (answer === undefined || answer === null) throw new StepUpError('cancelled', operation);
  const given = typeof answer === 'string' ? { code: answer } : answer;
  const digits = given.code.replaceAll(/\s/g, '');
  if (!/^\d{6}$/.test(digits)) throw new StepUpError('malformed-code', operation);
  return { ...given, code: digits };
}

async function sessionFor(
  { api, me, credentials, sessionDuration, signal }: StepUp,
  sts: Endpoint,
  devices: readonly DeviceSummary[],
  { code, deviceId }: CodeAnswer,
): Promise<Session> {
  const device =
    deviceId === undefined && devices.length === 1 ? devices[0] : devices.find(({ id }) => id === deviceId);
  if (device === undefined) throw new StepUpError('no-such-device', operation);
  const request: GetSessionToken = {
    endpoint: sts.url,
    region: sts.region,
    serialNumber: device.serialNumber,
    code,
    duration:
      sessionDuration ?? Math.min(Math.max(durations.shortest, me.stepUpMaxAgeSeconds), durations.longest),
  };
  return api.createSession(await presignGetSessionToken(request, credentials), signal);
}
