import { AwsV4Signer } from 'aws4fetch';
import { expect } from 'vitest';
import { codeLimit } from '../../shared/contract/code-limit.ts';
import { type Api, keysOf, type Who } from './e2e.ts';
import type { Answer } from './http.ts';
import type { SigningKeys } from './sign.ts';
import { userSession } from './stack.ts';
import { consecutiveTotps, totpAt } from './totp.ts';

export { bobsSeed, tokenSeed } from './stack.ts';

export const accountArn = 'arn:aws:iam::123456789012';
export const bobsPhone = `${accountArn}:mfa/self-service/bob/phone`;

export interface Enrolled {
  readonly name: string;
  readonly serialNumber: string;
  readonly seed: string;
}

/** The id of a device outside its owner's path. */
export const foreignId = (serialNumber: string): string =>
  `~${Buffer.from(serialNumber).toString('base64url')}`;

/** Ways in which others might address bob's phone; each ends with an id. */
export const formsOfBobsPhone = [
  ['the name it has at its owner', 'phone'],
  ['its serial number', foreignId(bobsPhone)],
  ["a serial number in the caller's own path", foreignId(`${accountArn}:mfa/self-service/alice/phone`)],
  ['the ARN of a FIDO key', foreignId(`${accountArn}:u2f/user/dora/key-LOCALDORA0001`)],
  ['a serial number with a wildcard', foreignId(`${accountArn}:mfa/self-service/*`)],
  ['a serial number with a policy variable', foreignId(`${accountArn}:mfa/self-service/$\{aws:username}/x`)],
  ['a path out of the own one', foreignId(`${accountArn}:mfa/self-service/alice/../bob/phone`)],
  ['the serial number in another account', foreignId('arn:aws:iam::210987654321:mfa/self-service/bob/phone')],
  ["bob's user ARN", foreignId(`${accountArn}:user/bob`)],
  ['padded base64url', `${foreignId(bobsPhone)}A`],
] as const;

/** The device's two codes at the local clock's current time. */
export const codesNow = (api: Api, seed: string) => consecutiveTotps(seed, api.stack.clock.now());

export const codeNow = (api: Api, seed: string): string => totpAt(seed, api.stack.clock.now());

/** A code that the device will not show within half an hour. */
export function wrongCode(api: Api, seed: string): string {
  const now = api.stack.clock.now();
  const shown = new Set(Array.from({ length: 121 }, (_, index) => totpAt(seed, now + (index - 60) * 30_000)));
  const candidates = Array.from({ length: 1000 }, (_, index) => String(index).padStart(6, '0'));
  return candidates.find((code) => !shown.has(code)) ?? '';
}

/** Moves the clock to the start of the next code-limit window, at STS and here. */
export function nextCodeWindow({ stack: { clock } }: Api): void {
  const windowMs = codeLimit.windowSeconds * 1000;
  clock.advance((windowMs - (clock.now() % windowMs)) / 1000);
}

/** A session with MFA as of now, made without STS. */
export const stepUp = (api: Api, userName: string): SigningKeys =>
  userSession(api.stack, userName, { mfaAt: api.stack.clock.now() });

/** Creates a pending first device. */
export async function createFirst(api: Api, who: Who, name = 'phone'): Promise<Enrolled> {
  return enrolled(name, await api.fetch(who, 'POST', '/v1/me/first-mfa-device', { name }));
}

/** Creates a pending further device; `who` must have stepped up. */
export async function createFurther(api: Api, who: Who, name: string): Promise<Enrolled> {
  return enrolled(name, await api.fetch(who, 'POST', '/v1/mfa-devices', { name }));
}

function enrolled(name: string, answer: Answer): Enrolled {
  expect(answer.status, answer.text).toBe(201);
  const { serialNumber, base32Seed } = answer.json();
  return { name, serialNumber, seed: base32Seed };
}

export const enableFirst = (api: Api, who: Who, { name, seed }: Omit<Enrolled, 'serialNumber'>) =>
  api.fetch(who, 'PUT', `/v1/me/first-mfa-device/${name}/activation`, codesNow(api, seed));

export const enableFurther = (api: Api, who: Who, { name, seed }: Omit<Enrolled, 'serialNumber'>) =>
  api.fetch(who, 'PUT', `/v1/mfa-devices/${name}/activation`, codesNow(api, seed));

/** Enrols an active first device that STS already knows. */
export async function enrolFirst(api: Api, who: Who, name = 'phone'): Promise<Enrolled> {
  const device = await createFirst(api, who, name);
  const answer = await enableFirst(api, who, device);
  expect(answer.status, answer.text).toBe(200);
  api.stack.clock.advance(60);
  return device;
}

export interface Presigning {
  readonly endpoint?: string;
  readonly region?: string;
  readonly service?: string;
  /** Seconds; default 300. */
  readonly expires?: number;
  /** `YYYYMMDDTHHMMSSZ`; default now. */
  readonly datetime?: string;
  readonly sessionToken?: string;
}

/** A presigned GetSessionToken URL with these parameters in addition to action and version. */
export async function presign(
  api: Api,
  who: Who,
  parameters: Readonly<Record<string, string>>,
  {
    endpoint = api.stack.awsUrl,
    region = 'us-east-1',
    service = 'sts',
    expires = 300,
    ...rest
  }: Presigning = {},
): Promise<string> {
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    ...parameters,
    'X-Amz-Expires': String(expires),
  }).toString();
  const { accessKeyId, secretAccessKey } = keysOf(who);
  const keys = { accessKeyId, secretAccessKey };
  const signer = new AwsV4Signer({ url: url.href, ...keys, service, region, signQuery: true, ...rest });
  return (await signer.sign()).url.href;
}

/** Requests a session with the device's current code. */
export async function askForSession(
  api: Api,
  who: Who,
  { serialNumber, seed }: Omit<Enrolled, 'name'>,
  code = codeNow(api, seed),
): Promise<Answer> {
  const presignedUrl = await presign(api, who, { SerialNumber: serialNumber, TokenCode: code });
  return api.fetch(who, 'POST', '/v1/me/sessions', { presignedUrl });
}

/** The session in a successful answer. */
export function sessionIn(answer: Answer): SigningKeys {
  expect(answer.status, answer.text).toBe(201);
  const { accessKeyId, secretAccessKey, sessionToken } = answer.json();
  return { accessKeyId, secretAccessKey, sessionToken };
}
