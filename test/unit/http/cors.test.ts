import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { getMe } from '../../../shared/contract/operations/get-me.ts';
import { apiEvent, lambdaContext } from '../../support/api-event.ts';
import { freshFunction } from '../../support/fresh-function.ts';

const origins = 'https://portal.example.com,https://other.example.com:8443';
const me = {
  userName: 'alice',
  userArn: 'arn:aws:iam::123456789012:user/alice',
  accountId: '123456789012',
  mfa: { active: 0, pending: 0 },
  stsEndpoint: 'https://sts.us-east-1.amazonaws.com',
  serverTime: '2026-01-01T00:00:00.000Z',
  stepUpMaxAgeSeconds: 900,
};

async function answerTo(headers: Record<string, string>, allowed = origins, path = '/v1/me') {
  await freshFunction({ ALLOWED_ORIGINS: allowed });
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const { endpoint } = await import('../../../shared/http/endpoint.ts');
  const { headers: answered } = await endpoint(getMe, async () => me)(
    apiEvent({ headers, path }),
    lambdaContext(),
  );
  return answered ?? {};
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
// The settings of these functions stay with their modules.
afterAll(() => vi.resetModules());

describe('a page of another origin', () => {
  it.each(['https://portal.example.com', 'https://other.example.com:8443'])(
    'may read answers when %s is configured',
    async (origin) => {
      expect(await answerTo({ Origin: origin })).toMatchObject({
        'access-control-allow-origin': origin,
        vary: 'origin',
      });
    },
  );

  it('may read problem documents too', async () => {
    const headers = await answerTo({ origin: 'https://portal.example.com' }, origins, '/v1/me/');

    expect(headers).toMatchObject({
      'content-type': 'application/problem+json',
      'access-control-allow-origin': 'https://portal.example.com',
      'access-control-expose-headers': 'x-request-id,retry-after,ratelimit,ratelimit-policy',
    });
  });

  it.each([
    'https://evil.example.com',
    'https://portal.example.com.evil.example',
    'https://evilportal.example.com',
    'http://portal.example.com',
    'https://portal.example.com:444',
    'https://PORTAL.example.com',
    'null',
    '*',
    '',
    origins,
  ])('may read nothing from %j', async (origin) => {
    const headers = await answerTo({ origin });

    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).toMatchObject({ vary: 'origin' });
  });

  it('may read nothing where no origin is configured', async () => {
    const headers = await answerTo({ origin: 'https://portal.example.com' }, '');

    expect(Object.keys(headers).filter((name) => /^(access-control|vary)/.test(name))).toEqual([]);
  });
});
