import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { close, listen } from '../../local-aws/servers.ts';
import { useApi } from '../support/e2e.ts';
import {
  accountArn,
  askForSession,
  bobsPhone,
  bobsSeed,
  codeNow,
  createFirst,
  enrolFirst,
  nextCodeWindow,
  type Presigning,
  presign,
  sessionIn,
  stepUp,
  wrongCode,
} from '../support/e2e-flows.ts';
import { totpAt } from '../support/totp.ts';

/** Paths requested from the redirecting endpoint. */
const redirected: string[] = [];
const redirectors: string[] = [];
const redirector = createServer((request, response) => {
  redirected.push(new URL(request.url ?? '', 'http://redirector').pathname);
  response.writeHead(307, { location: '/followed' }).end();
});
const api = useApi(async () => {
  redirectors.push(await listen(redirector, 0));
  return { env: { STS_OTHER_ENDPOINTS: redirectors.join() } };
});
afterAll(() => close(redirector));
const bobs = { serialNumber: bobsPhone, seed: bobsSeed };

const relay = (presignedUrl: string, who = 'bob') =>
  api.fetch(who, 'POST', '/v1/me/sessions', { presignedUrl });
const parameters = () => ({ SerialNumber: bobsPhone, TokenCode: codeNow(api, bobsSeed) });
const asked = () => api.called().filter((operation) => operation === 'GetSessionToken').length;

describe('a session', () => {
  it("comes from a URL that the project's script prints", async () => {
    const args = ['local-aws/scripts/presign.ts', '--serial', bobsPhone, '--code', codeNow(api, bobsSeed)];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [...args, '--endpoint', api.stack.awsUrl, '--duration', '900'],
      { env: { AWS_ACCESS_KEY_ID: 'AKIALOCALBOB00000001', AWS_SECRET_ACCESS_KEY: 'local-bob-secret' } },
    );
    const answer = await relay(stdout.trim());
    const session = sessionIn(answer);
    expect(session.accessKeyId).toMatch(/^ASIA/);
    expect(Math.round((Date.parse(answer.json().expiration) - api.stack.clock.now()) / 10_000)).toBe(90);
    expect((await api.fetch(session, 'POST', '/v1/mfa-devices', { name: 'tablet' })).status).toBe(201);
  });

  it('comes from a URL as boto3 makes it, with sorted parameters and no path', async () => {
    const url = new URL(await presign(api, 'bob', parameters()));
    const signature = url.searchParams.get('X-Amz-Signature') ?? '';
    url.searchParams.delete('X-Amz-Signature');
    url.searchParams.sort();
    const query = url.search.replaceAll('+', '%20');
    sessionIn(await relay(`${url.origin}/${query}&X-Amz-Signature=${signature}`));
    const code = totpAt(bobsSeed, api.stack.clock.now() + 30_000);
    const other = await presign(api, 'bob', { SerialNumber: bobsPhone, TokenCode: code });
    sessionIn(await relay(other.replace('/?', '?')));
  });

  it('lasts twelve hours by default, and its MFA is fresh for 15 minutes', async () => {
    const answer = await askForSession(api, 'bob', bobs);
    expect(Math.round((Date.parse(answer.json().expiration) - api.stack.clock.now()) / 60_000)).toBe(720);
    const session = sessionIn(answer);
    api.stack.clock.advance(905);
    const denied = await api.fetch(session, 'POST', '/v1/mfa-devices', { name: 'tablet' });
    expect(denied.json()).toMatchObject({ status: 403, code: 'access-denied' });
    expect((await api.fetch(session, 'GET', '/v1/me')).status).toBe(200);
  });

  it('is issued to the user for their own device, with a code that works once', async () => {
    const code = codeNow(api, bobsSeed);
    sessionIn(await askForSession(api, 'bob', bobs, code));
    const reused = await askForSession(api, 'bob', bobs, code);
    expect(reused.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    const wrong = await askForSession(api, 'bob', bobs, wrongCode(api, bobsSeed));
    expect(wrong.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    expect(wrong.json().detail).toMatch(/next code/);
  });

  it('is not issued for a pending device', async () => {
    const device = await createFirst(api, 'alice');
    const answer = await askForSession(api, 'alice', device);
    expect(answer.json()).toMatchObject({ status: 404, code: 'device-not-found' });
  });

  it('is not issued for another user’s device, whose valid code is not used up', async () => {
    await enrolFirst(api, 'alice');
    const code = codeNow(api, bobsSeed);
    const answer = await askForSession(api, 'alice', bobs, code);
    expect(answer.json()).toMatchObject({ status: 404, code: 'device-not-found' });
    sessionIn(await askForSession(api, 'bob', bobs, code));
  });

  it("is refused after nine attempts in STS's three-minute window, and issued in the next", async () => {
    nextCodeWindow(api);
    for (let attempt = 0; attempt < 9; attempt++) {
      // Directly at STS, past this service.
      const url = await presign(api, 'bob', { SerialNumber: bobsPhone, TokenCode: wrongCode(api, bobsSeed) });
      expect((await fetch(url)).status).toBe(403);
    }
    const exhausted = await askForSession(api, 'bob', bobs);
    expect(exhausted.json()).toMatchObject({ status: 422, code: 'invalid-authentication-code' });
    expect(exhausted.json().detail).toContain('three minutes');
    api.stack.clock.advance(180);
    sessionIn(await askForSession(api, 'bob', bobs));
  });
});

describe('a presigned URL that is not forwarded to STS', () => {
  /** Signs as given; the URL is valid otherwise. */
  const signed = (presigning: Presigning = {}, more = {}, who = 'bob') =>
    presign(api, who, { ...parameters(), ...more }, presigning);
  const changed = async (pattern: string | RegExp, value: string) => (await signed()).replace(pattern, value);
  const port = () => new URL(api.stack.awsUrl).port;
  const anHourAgo = () => new Date(Date.now() - 3_600_000).toISOString().replace(/[:-]|\.\d{3}/g, '');

  it.each<[string, () => Promise<string>]>([
    ['is signed by another user', () => signed({}, {}, 'alice')],
    ['is signed by an administrator', () => signed({}, {}, 'admin')],
    ['goes to another host', () => signed({ endpoint: 'https://sts.evil.example' })],
    [
      'goes to the real STS, which this deployment does not use',
      () => signed({ endpoint: 'https://sts.amazonaws.com' }),
    ],
    ['looks like the endpoint', async () => changed('127.0.0.1', '127.0.0.1.evil.example')],
    ['hides another host behind userinfo', async () => changed('127.0.0.1', '127.0.0.1@evil.example')],
    ['carries userinfo', async () => changed('127.0.0.1', 'user:secret@127.0.0.1')],
    ['goes to another port', () => changed(`:${port()}`, ':1')],
    ['goes to the API itself', () => signed({ endpoint: api.stack.apiUrl })],
    ['spells the IP address differently', () => changed('127.0.0.1', '2130706433')],
    ['names the host localhost', () => changed('127.0.0.1', 'localhost')],
    ['has another scheme', () => changed('http:', 'ftp:')],
    ['uses HTTPS, which the endpoint does not', () => changed('http:', 'https:')],
    ['has a path', () => changed('/?', '/latest/meta-data?')],
    ['has a fragment', async () => `${await signed()}#x`],
    ['begins with a space', async () => ` ${await signed()}`],
    ['has a backslash', () => changed('/?', '\\?')],
    ['asks for another action', () => signed({}, { Action: 'AssumeRole', RoleArn: `${accountArn}:role/x` })],
    ["asks for the caller's identity", () => signed({}, { Action: 'GetCallerIdentity' })],
    ['asks for another version', () => signed({}, { Version: '2010-05-08' })],
    ['has an extra parameter', () => signed({}, { Policy: '{}' })],
    ['has a parameter twice', async () => `${await signed()}&TokenCode=000000`],
    ['has the action twice', async () => `${await signed()}&Action=AssumeRole`],
    ['has the action in another case', async () => `${await signed()}&action=AssumeRole`],
    ['has no code', () => presign(api, 'bob', { SerialNumber: bobsPhone })],
    ['has no serial number', () => presign(api, 'bob', { TokenCode: '123456' })],
    ['has a code of letters', () => signed({}, { TokenCode: 'abcdef' })],
    ['has a line feed in its code', () => signed({}, { TokenCode: '123456\n' })],
    ['is signed for another service', () => signed({ service: 'iam' })],
    ['is signed with a session', () => signed({ sessionToken: stepUp(api, 'bob').sessionToken ?? '' })],
    ['is not signed', () => changed(/&X-Amz-Signature=.*/, '')],
    ['has expired', () => signed({ datetime: anHourAgo() })],
    ['is longer than any valid URL', async () => `${await signed()}&${'x'.repeat(4096)}`],
    ['is empty', async () => ''],
    ['is not a URL', async () => 'sts'],
    ['is a script', async () => 'javascript:alert(1)'],
    ['is a file', async () => 'file:///etc/passwd'],
  ])('because it %s', async (_why, url) => {
    const answer = await relay(await url());
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
    const pointers = answer.json().errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(new Set(pointers)).toEqual(new Set(['/body/presignedUrl']));
    expect(asked()).toBe(0);
  });
});

describe('a presigned URL that STS refuses', () => {
  it.each<[string, () => Promise<string>]>([
    ['its signature is wrong', () => tampered('X-Amz-Signature', '0'.repeat(64))],
    ['its code was changed', () => tampered('TokenCode', '000000')],
    [
      'its serial number was changed',
      () => tampered('SerialNumber', `${accountArn}:mfa/self-service/bob/other`),
    ],
    ['its region is wrong', () => presign(api, 'bob', parameters(), { region: 'eu-west-1' })],
    ['its duration is too short', () => presign(api, 'bob', { ...parameters(), DurationSeconds: '899' })],
    ['its duration is too long', () => presign(api, 'bob', { ...parameters(), DurationSeconds: '129601' })],
    ['its date is in the future', () => presign(api, 'bob', parameters(), { datetime: inAnHour() })],
  ])('because %s is invalid input', async (_why, url) => {
    const answer = await relay(await url());
    expect(answer.json()).toMatchObject({ status: 400, code: 'validation-failed' });
  });

  const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString().replace(/[:-]|\.\d{3}/g, '');
  const tampered = async (name: string, value: string) => {
    const url = new URL(await presign(api, 'bob', parameters()));
    url.searchParams.set(name, value);
    return url.href.replaceAll('+', '%20');
  };

  it.each([
    ['ServiceFailure', 502, 'upstream-failed'],
    ['Throttling', 429, 'throttled'],
    ['malformed', 502, 'upstream-failed'],
    ['connection-reset', 502, 'upstream-failed'],
  ])('with %s is reported as %i %s after a single call', async (error, status, code) => {
    api.stack.faults.put({ operation: 'GetSessionToken', error, times: 10 });
    const answer = await relay(await presign(api, 'bob', parameters()));
    expect(answer.json()).toMatchObject({ status, code });
    expect(asked()).toBe(1);
  });
});

describe('a redirect by an STS endpoint', () => {
  it('is not followed', async () => {
    const [endpoint = ''] = redirectors;
    const answer = await relay(await presign(api, 'bob', parameters(), { endpoint }));
    expect(answer.json()).toMatchObject({ status: 502, code: 'upstream-failed' });
    expect(redirected).toEqual(['/']);
    expect(asked()).toBe(0);
  });
});
