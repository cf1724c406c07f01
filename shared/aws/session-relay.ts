import { Problem } from '../contract/problem.ts';
import { currentInvocation, upstream } from '../lib/invocation.ts';
import type { SessionCredentials, SessionRelay } from '../sessions/ports.ts';
import { awsCall } from './aws-call.ts';

/** Forwards presigned GetSessionToken requests to STS, without redirects or retries, since a code works only once. */
export function sessionRelay(signal: AbortSignal): SessionRelay {
  return {
    getSessionToken: async (url) => {
      const seen = currentInvocation();
      seen.devices = url.searchParams.getAll('SerialNumber');
      const { status, text } = await upstream(() => get(url, signal));
      if (status === 200) seen.changes.add('GetSessionToken');
      if (status === 200) return credentialsOf(text);
      const code = fieldOf(text, 'Code');
      if (status === 403 && code === 'AccessDenied') return undefined;
      throw refusal(code);
    },
  };
}

const get = (url: URL, signal: AbortSignal): Promise<{ status: number; text: string }> =>
  awsCall(async () => {
    const response = await fetch(url, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
    });
    return { status: response.status, text: await response.text() };
  });

function credentialsOf(xml: string): SessionCredentials {
  const accessKeyId = fieldOf(xml, 'AccessKeyId');
  const secretAccessKey = fieldOf(xml, 'SecretAccessKey');
  const sessionToken = fieldOf(xml, 'SessionToken');
  const expiration = new Date(fieldOf(xml, 'Expiration') ?? '');
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiration.getTime())) {
    throw new Problem(
      'upstream-failed',
      'STS answered without credentials. Sign a new request and try again.',
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration: expiration.toISOString() };
}

/** An element's text. STS puts nothing into these elements that XML would escape. */
const fieldOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([\\w+/=:.-]+)</${name}>`).exec(xml)?.[1];

/** STS codes that blame the presigned request. */
const requestFaults = new Set([
  'SignatureDoesNotMatch',
  'InvalidClientTokenId',
  'IncompleteSignature',
  'ValidationError',
  'RequestExpired',
  'ExpiredToken',
]);

function refusal(code: string | undefined): Problem {
  if (code === 'Throttling') {
    return new Problem(
      'throttled',
      'STS is accepting no more calls at the moment. Sign a new request shortly.',
      { retryAfter: 2 },
    );
  }
  if (code !== undefined && requestFaults.has(code)) {
    const errors = [{ pointer: '/body/presignedUrl', detail: `was refused by STS: ${code}` }];
    return new Problem('validation-failed', 'STS did not accept the signed request. Sign a new one.', {
      errors,
    });
  }
  return new Problem('upstream-failed', 'STS failed. Sign a new request and try again.');
}
