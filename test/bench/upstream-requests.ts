import { AwsV4Signer } from 'aws4fetch';
import type { Answer } from '../support/http.ts';
import type { SigningKeys } from '../support/sign.ts';
import { bobsSeed, type TestStack, tokenSeed, userKeys } from '../support/stack.ts';
import { consecutiveTotps, totpAt } from '../support/totp.ts';
import type { Send } from './send.ts';
import { staffRequests } from './staff-requests.ts';

/** A request and the IAM and STS operations called for it. */
export interface SentRequest {
  readonly operation: string;
  readonly repeated: boolean;
  readonly calls: readonly string[];
}

const token = 'GAHT00000001';
const tokenId = `~${Buffer.from(token).toString('base64url')}`;

/** Sends every operation that calls AWS once as its users would, and read-only ones a second time. */
export async function ordinaryRequests(stack: TestStack): Promise<readonly SentRequest[]> {
  const sent: SentRequest[] = [];
  const once = async (
    ...[operation, who, [method, target, body, headers]]: Parameters<Send>
  ): Promise<Answer> => {
    await stack.settled();
    stack.account.trail.clear();
    const answer = await stack.fetch(who, method, target, body, headers);
    if (answer.status >= 300) throw new Error(`${operation} answered ${answer.status}: ${answer.text}`);
    const calls = stack.account.trail
      .events()
      .filter(({ service }) => service === 'iam' || service === 'sts')
      .map(({ operation: call }) => call);
    const repeated = sent.some((earlier) => earlier.operation === operation);
    sent.push({ operation, repeated, calls });
    return answer;
  };
  const session = await enrolFirst(stack, once);
  await readAll(once);
  await changeFurther(stack, once, session);
  await once('resync-only-mfa-device', 'bob', [
    'POST',
    '/v1/me/resyncs',
    { deviceId: 'phone', ...codes(stack, bobsSeed) },
  ]);
  await staffRequests(stack, once);
  return sent;
}

/** Enrols Alice's first device and gets a session with it. */
async function enrolFirst(stack: TestStack, send: Send): Promise<SigningKeys> {
  const first = '/v1/me/first-mfa-device';
  const created = await send('create-first-mfa-device', 'alice', ['POST', first, { name: 'phone' }]);
  const { base32Seed, serialNumber } = created.json();
  await send('enable-first-mfa-device', 'alice', [
    'PUT',
    `${first}/phone/activation`,
    codes(stack, base32Seed),
  ]);
  stack.clock.advance(60);
  const presignedUrl = await presign(stack, serialNumber, totpAt(base32Seed, stack.clock.now()));
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

const codes = (stack: TestStack, seed: string) => consecutiveTotps(seed, stack.clock.now());

async function presign(stack: TestStack, SerialNumber: string, TokenCode: string): Promise<string> {
  const url = new URL(stack.awsUrl);
  const parameters = { Action: 'GetSessionToken', Version: '2011-06-15', SerialNumber, TokenCode };
  url.search = new URLSearchParams({ ...parameters, 'X-Amz-Expires': '300' }).toString();
  const { accessKeyId, secretAccessKey } = userKeys('alice');
  const keys = { accessKeyId, secretAccessKey, service: 'sts', region: 'us-east-1', signQuery: true };
  return (await new AwsV4Signer({ url: url.href, ...keys }).sign()).url.href;
}
