import { AwsV4Signer } from 'aws4fetch';
import type { Answer } from '../support/http.ts';
import type { SequenceProxy } from '../support/sequence-proxy.ts';
import type { SigningKeys } from '../support/sign.ts';
import { bobsSeed, type TestStack, tokenSeed, userKeys } from '../support/stack.ts';
import { consecutiveTotps, totpAt } from '../support/totp.ts';
import type { Send } from './send.ts';
import { staffRequests } from './staff-requests.ts';

/** A request and the IAM and STS operations called for it. */
export interface SentRequest {
  /** What the request does, after a comma, if it is not the ordinary one of the operation. */
  readonly operation: string;
  readonly repeated: boolean;
  readonly calls: readonly string[];
  /** How many of them had to wait for one another. */
  readonly inSequence: number;
}

const token = 'GAHT00000001';
const tokenId = `~${Buffer.from(token).toString('base64url')}`;

/**
 * Sends every operation that calls AWS once as its users would, and read-only ones a second time. The functions and
 * the caller reach AWS by the proxy.
 */
export async function ordinaryRequests(
  stack: TestStack,
  proxy: SequenceProxy,
): Promise<readonly SentRequest[]> {
  const sent: SentRequest[] = [];
  const once = async (
    ...[operation, who, [method, target, body, headers]]: Parameters<Send>
  ): Promise<Answer> => {
    await stack.settled();
    stack.account.trail.clear();
    proxy.clear();
    const answer = await stack.fetch(who, method, target, body, headers);
    const inSequence = proxy.inSequence();
    if (answer.status >= 300) throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
    const calls = stack.account.trail
      .events()
      .filter(({ service }) => service === 'iam' || service === 'sts')
      .map(({ operation: call }) => call);
    const repeated = sent.some((earlier) => earlier.operation === operation);
    sent.push({ operation, repeated, calls, inSequence });
    return answer;
  };
  const session = await enrolFirst(stack, proxy.url, once);
  await readAll(once);
  await changeFurther(stack, once, session);
  await replaceAndDelete(stack, once, session);
  await once('resync-only-mfa-device', 'bob', [
    'POST',
    '/v1/me/resyncs',
    { deviceId: 'phone', ...codes(stack, bobsSeed) },
  ]);
  await staffRequests(stack, once);
  return sent;
}

/** Enrols Alice's first device and gets a session with it. */
async function enrolFirst(stack: TestStack, stsUrl: string, send: Send): Promise<SigningKeys> {
  const first = '/v1/me/first-mfa-device';
  await send('create-first-mfa-device', 'alice', ['POST', first, { name: 'phone' }]);
  await stack.lambda.reset();
  const again = 'create-first-mfa-device, again';
  const created = await send(again, 'alice', ['POST', first, { name: 'phone' }]);
  const { base32Seed, serialNumber } = created.json();
  await send('enable-first-mfa-device', 'alice', [
    'PUT',
    `${first}/phone/activation`,
    codes(stack, base32Seed),
  ]);
  stack.clock.advance(60);
  const presignedUrl = await presign(stsUrl, serialNumber, totpAt(base32Seed, stack.clock.now()));
  const answer = await send('create-session', 'alice', ['POST', '/v1/me/sessions', { presignedUrl }]);
  const { accessKeyId, secretAccessKey, sessionToken } = answer.json();
  return { accessKeyId, secretAccessKey, sessionToken };
}

async function readAll(send: Send): Promise<void> {
  const devices = '/v1/me/mfa-devices';
  for (const _time of [1, 2]) {
    await send('get-me', 'alice', ['GET', '/v1/me']);
    await send('list-mfa-devices', 'alice', ['GET', devices]);
    await send('get-mfa-device', 'alice', ['GET', `${devices}/phone`]);
    await send('list-mfa-device-tags', 'alice', ['GET', `${devices}/phone/tags`]);
  }
}

async function changeFurther(stack: TestStack, send: Send, session: SigningKeys): Promise<void> {
  const tablet = '/v1/mfa-devices/tablet';
  const created = await send('create-mfa-device', session, ['POST', '/v1/mfa-devices', { name: 'tablet' }]);
  const { base32Seed } = created.json();
  await send('enable-mfa-device', session, ['PUT', `${tablet}/activation`, codes(stack, base32Seed)]);
  await send('update-mfa-device', session, ['PATCH', tablet, { label: 'at home' }]);
  await send('tag-mfa-device', session, ['POST', `${tablet}/tags`, { tags: { team: 'red' } }]);
  await send('untag-mfa-device', session, ['DELETE', `${tablet}/tags?key=team`]);
  stack.clock.advance(120);
  await send('resync-mfa-device', session, ['POST', `${tablet}/resync`, codes(stack, base32Seed)]);
  const activation = `/v1/hardware-mfa-devices/${token}/activation`;
  await send('enable-hardware-mfa-device', session, ['PUT', activation, codes(stack, tokenSeed)]);
  await send('deactivate-mfa-device', session, ['DELETE', `/v1/mfa-devices/${tokenId}/activation`]);
  await send('delete-mfa-device', session, ['DELETE', tablet]);
}

/** Replaces the phone by a watch, and deletes a device that was never enabled. */
async function replaceAndDelete(stack: TestStack, send: Send, session: SigningKeys): Promise<void> {
  const created = await stack.fetch(session, 'POST', '/v1/mfa-devices', { name: 'watch' });
  const change = { ...codes(stack, created.json().base32Seed), replaces: 'phone' };
  await send('enable-mfa-device, replacing', session, ['PUT', '/v1/mfa-devices/watch/activation', change]);
  await stack.fetch(session, 'POST', '/v1/mfa-devices', { name: 'spare' });
  await send('delete-mfa-device, pending', session, ['DELETE', '/v1/mfa-devices/spare']);
}

const codes = (stack: TestStack, seed: string) => consecutiveTotps(seed, stack.clock.now());

async function presign(stsUrl: string, SerialNumber: string, TokenCode: string): Promise<string> {
  const url = new URL(stsUrl);
  const parameters = { Action: 'GetSessionToken', Version: '2011-06-15', SerialNumber, TokenCode };
  url.search = new URLSearchParams({ ...parameters, 'X-Amz-Expires': '300' }).toString();
  const { accessKeyId, secretAccessKey } = userKeys('alice');
  const keys = { accessKeyId, secretAccessKey, service: 'sts', region: 'us-east-1', signQuery: true };
  return (await new AwsV4Signer({ url: url.href, ...keys }).sign()).url.href;
}
