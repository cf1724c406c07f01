import { describe, expect, it } from 'vitest';
import { credentialSource } from '../../../clients/typescript/src/credentials.ts';
import { endpointOf, stsEndpointOf } from '../../../clients/typescript/src/endpoint.ts';
import { createClient } from '../../../clients/typescript/src/index.ts';
import { failureOf, keys } from './fake-api.ts';

describe('the url', () => {
  it.each([
    ['https://abc123.execute-api.eu-central-1.amazonaws.com/prod', 'eu-central-1'],
    ['https://abc123-vpce-0a1.execute-api.us-gov-west-1.amazonaws.com/prod/', 'us-gov-west-1'],
    ['https://abc123.execute-api.cn-north-1.amazonaws.com.cn/prod', 'cn-north-1'],
    ['http://127.0.0.1:4000', 'us-east-1'],
    ['http://localhost:4000/', 'us-east-1'],
    ['http://[::1]:4000/', 'us-east-1'],
  ])('%s contains the Region %s', (url, region) => {
    expect(endpointOf(url)).toEqual({ url: url.replace(/\/$/, ''), region });
  });

  it('can be a custom domain with a base path and a separate Region', () => {
    expect(endpointOf('https://mfa.example.com/base/', 'eu-west-1')).toEqual({
      url: 'https://mfa.example.com/base',
      region: 'eu-west-1',
    });
    expect(() => endpointOf('https://mfa.example.com/base')).toThrow('region option');
  });

  it.each([
    ['nonsense', "must be the API's URL"],
    ['http://mfa.example.com', 'https://'],
    ['http://127.0.0.1.example.com', 'https://'],
    ['ftp://127.0.0.1', 'https://'],
    ['https://user@mfa.example.com', 'must not contain a user name'],
    ['https://mfa.example.com?x=y', 'must not contain a user name, query'],
    ['https://execute-api.eu-west-1.amazonaws.com.evil.example', 'region option'],
  ])('%s is refused', (url, message) => {
    expect(() => endpointOf(url)).toThrow(message);
  });
});

it.each([
  ['https://sts.eu-central-1.amazonaws.com', 'eu-central-1'],
  ['https://sts-fips.us-east-2.amazonaws.com', 'us-east-2'],
  ['https://sts.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ['https://sts.amazonaws.com', 'us-east-1'],
  ['http://127.0.0.1:4566', 'ap-south-1'],
  ['https://vpce-0a1.sts.eu-west-1.vpce.amazonaws.com', 'ap-south-1'],
])('%s is signed for %s', (endpoint, region) => {
  const api = { url: 'http://127.0.0.1:4000', region: 'ap-south-1' };
  expect(stsEndpointOf(endpoint, api)).toEqual({ url: endpoint, region });
});

it.each([
  'not a url',
  '',
  'ftp://sts.amazonaws.com',
  'http://sts.us-east-1.amazonaws.com',
  'http://127.0.0.1:4566',
])('a remote API cannot have codes signed for "%s"', (endpoint) => {
  const api = { url: 'https://mfa.example.com', region: 'eu-west-1' };
  expect(stsEndpointOf(endpoint, api)).toBeUndefined();
});

describe('credentials', () => {
  it.each([
    ['accessKeyId', { ...keys, accessKeyId: '' }],
    ['secretAccessKey', { ...keys, secretAccessKey: 'with\nline break' }],
    ['sessionToken', { ...keys, sessionToken: 'with space' }],
  ])('with a bad %s are refused without being shown', async (name, credentials) => {
    const failures = [
      await failureOf(credentialSource(() => credentials)()),
      await failureOf(Promise.resolve().then(() => createClient({ url: 'http://127.0.0.1:1', credentials }))),
    ];
    for (const failure of failures) {
      expect(failure).toEqual(
        new TypeError(`The credentials' ${name} must be a string without spaces or line breaks.`),
      );
    }
  });

  it('are requested once for concurrent calls, and again for a later one', async () => {
    let asked = 0;
    const source = credentialSource(async () => {
      asked += 1;
      return keys;
    });
    await Promise.all([source(), source()]);
    expect(asked).toBe(1);
    await source();
    expect(asked).toBe(2);
  });

  it.each([
    ['kept until shortly before they expire', 120_000, 1],
    ['requested again when they are about to', 30_000, 2],
  ])('are %s', async (_, left, expected) => {
    let asked = 0;
    const source = credentialSource(() => {
      asked += 1;
      return { ...keys, expiration: new Date(Date.now() + left) };
    });
    await source();
    await source();
    expect(asked).toBe(expected);
  });
});

it.each([
  [{ timeout: 0 }, 'timeout'],
  [{ region: 'eu central' }, "region must be the API's Region"],
  [{ retries: -1 }, 'retries'],
  [{ retries: 1.5 }, 'retries'],
  [{ sessionDuration: 899 }, 'sessionDuration must be a whole number of seconds from 900 to 129600'],
  [{ sessionDuration: 129_601 }, 'sessionDuration'],
  [{ sessionDuration: 900.5 }, 'sessionDuration'],
  [{ sessionDuration: Number.NaN }, 'sessionDuration'],
])('createClient refuses %j', (options, message) => {
  expect(() => createClient({ url: 'http://127.0.0.1:1', credentials: keys, ...options })).toThrow(message);
});
