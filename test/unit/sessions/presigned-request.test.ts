import { AwsV4Signer } from 'aws4fetch';
import { beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { checkPresignedRequest } from '../../../shared/sessions/presigned-request.ts';

const endpoint = 'https://sts.us-east-1.amazonaws.com';
const accessKeyId = 'AKIAEXAMPLE000000001';
const serialNumber = 'arn:aws:iam::123456789012:mfa/self-service/alice/phone';
const query = {
  Action: 'GetSessionToken',
  Version: '2011-06-15',
  DurationSeconds: '900',
  SerialNumber: serialNumber,
  TokenCode: '123456',
};
const expectation = { endpoints: [endpoint, 'https://sts.amazonaws.com'], accessKeyId, now: Date.now() };

async function presigned(parameters: Record<string, string> = query, origin = endpoint): Promise<string> {
  const url = new URL(`${origin}/?${new URLSearchParams({ ...parameters, 'X-Amz-Expires': '60' })}`);
  const signer = new AwsV4Signer({
    url: url.href,
    accessKeyId,
    secretAccessKey: 'secret',
    service: 'sts',
    region: 'us-east-1',
    signQuery: true,
  });
  return (await signer.sign()).url.href;
}

function faultsOf(url: string, changes: Partial<typeof expectation> = {}): readonly string[] {
  try {
    checkPresignedRequest(url, { ...expectation, ...changes });
  } catch (error) {
    if (error instanceof Problem && error.code === 'validation-failed') {
      return (error.extras.errors ?? []).map(({ detail }) => detail);
    }
    throw error;
  }
  return [];
}

let good: string;
beforeAll(async () => {
  good = await presigned();
});

describe('a presigned GetSessionToken request', () => {
  it('is forwarded with exactly the signed parameters', () => {
    const request = checkPresignedRequest(good, expectation);

    expect(request.serialNumber).toBe(serialNumber);
    expect(request.url.origin).toBe(endpoint);
    expect([...request.url.searchParams]).toEqual([...new URL(good).searchParams]);
  });

  it('can be for any listed endpoint, and without a duration', async () => {
    const { DurationSeconds: _, ...rest } = query;

    expect(faultsOf(await presigned(rest, 'https://sts.amazonaws.com'))).toEqual([]);
  });
});

describe('an attack by presigned URL', () => {
  const at = (origin: string) => good.replace(endpoint, origin);

  it.each([
    ['another host', () => at('https://evil.example')],
    ['a host that only begins like STS', () => at('https://sts.us-east-1.amazonaws.com.evil.example')],
    ['a host that only ends like STS', () => at('https://evilsts.us-east-1.amazonaws.com')],
    ['another AWS service', () => at('https://iam.amazonaws.com')],
    ['a Region that is not listed', () => at('https://sts.eu-west-1.amazonaws.com')],
    ['a look-alike letter', () => at('https://ѕts.us-east-1.amazonaws.com')],
    ['a full-width host that normalises to STS', () => at('https://ｓts.us-east-1.amazonaws.com')],
    ['a trailing dot', () => at('https://sts.us-east-1.amazonaws.com.')],
    ['an IPv4 literal', () => at('https://127.0.0.1')],
    ['an IPv4 literal in decimal', () => at('https://2130706433')],
    ['an IPv6 literal', () => at('https://[::1]')],
    ['the metadata service', () => at('http://169.254.169.254')],
    ['http', () => at('http://sts.us-east-1.amazonaws.com')],
    ['another scheme', () => at('ftp://sts.us-east-1.amazonaws.com')],
    ['a port', () => at('https://sts.us-east-1.amazonaws.com:8443')],
    ['userinfo', () => at('https://user:pass@sts.us-east-1.amazonaws.com')],
    ['STS as userinfo of another host', () => at('https://sts.us-east-1.amazonaws.com@evil.example')],
    ['a backslash', () => at('https://sts.us-east-1.amazonaws.com\\@evil.example')],
    ['a tab in the host', () => at('https://sts.us-\teast-1.amazonaws.com')],
    ['a leading space', () => ` ${good}`],
    ['a path', () => good.replace('/?', '/path?')],
    ['dot segments', () => good.replace('/?', '/a/../?')],
    ['a fragment', () => `${good}#x`],
    ['no URL', () => 'sts'],
    ['nothing', () => ''],
  ])('by %s is refused for its endpoint', (_, url) => {
    expect(faultsOf(url())).toEqual([`must begin with one of ${endpoint}/?, https://sts.amazonaws.com/?`]);
  });

  it.each([
    ['another action', { ...query, Action: 'GetFederationToken' }, /Action/],
    ['another version', { ...query, Version: '2010-05-08' }, /Version/],
    ['an extra parameter', { ...query, Policy: '{}' }, /no parameters other/],
    ['a parameter in another case', { ...query, action: 'GetCallerIdentity' }, /no parameters other/],
    ['a session token', { ...query, 'X-Amz-Security-Token': 'token' }, /no parameters other/],
    ['the name of an inherited property', { ...query, constructor: 'x' }, /no parameters other/],
    [
      'a serial number with a line break',
      { ...query, SerialNumber: `${serialNumber}\r\nHost: x` },
      /SerialNumber/,
    ],
    ['a code that is none', { ...query, TokenCode: '12345' }, /TokenCode/],
  ])('by %s is refused', async (_, parameters, fault) => {
    expect(faultsOf(await presigned(parameters))).toEqual([expect.stringMatching(fault)]);
  });

  it.each(['TokenCode', 'SerialNumber', 'Action', 'Version'] as const)(
    'without %s is refused',
    async (name) => {
      const { [name]: _, ...rest } = query;

      expect(faultsOf(await presigned(rest))).toEqual([`must carry ${name}`]);
    },
  );

  it.each([
    ['a repeated action', '&Action=GetSessionToken', ['must carry Action only once']],
    ['a repeated code', '&TokenCode=234567', ['must carry TokenCode only once']],
    ['a repeated signature', `&X-Amz-Signature=${'0'.repeat(64)}`, ['must carry X-Amz-Signature only once']],
    ['an encoded name', '&%41ction=GetCallerIdentity', ['must carry Action only once']],
  ])('by %s is refused', (_, suffix, faults) => {
    expect(faultsOf(good + suffix)).toEqual(faults);
  });

  it('signed with another user’s key is refused', () => {
    const faults = faultsOf(good, { accessKeyId: 'AKIAEXAMPLE000000002' });

    expect(faults).toEqual(['must be signed with the long-term access key that signs this call']);
  });

  it('that signs more than the host is refused', () => {
    const faults = faultsOf(
      good.replace('X-Amz-SignedHeaders=host', 'X-Amz-SignedHeaders=host%3Bx-forwarded-for'),
    );

    expect(faults).toEqual([expect.stringContaining('X-Amz-SignedHeaders')]);
  });

  it('for another service is refused', () => {
    expect(faultsOf(good.replace('%2Fsts%2F', '%2Fiam%2F'))).toEqual([
      expect.stringContaining('X-Amz-Credential'),
    ]);
  });

  it.each([60_001, 3_600_000])('%d ms after it was signed is refused', (late) => {
    expect(faultsOf(good, { now: Date.now() + late })).toEqual(['has expired; sign a new one']);
  });

  it('never echoes the URL, which may carry a valid code', () => {
    const url = good.replace('123456', '12345x');

    expect(JSON.stringify(faultsOf(url))).not.toMatch(/12345x|Signature=/);
  });
});
