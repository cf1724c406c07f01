import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../infra/bundle/stand-ins/environment-credentials.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

function given(variables: Readonly<Record<string, string | undefined>>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  return defaultProvider()();
}

describe('the credentials of the environment', () => {
  it('are those that Lambda sets', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'ASIA1', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' };
    await expect(given(variables)).resolves.toEqual({
      accessKeyId: 'ASIA1',
      secretAccessKey: 's',
      sessionToken: 't',
    });
  });

  it('have no session token when they are not temporary', async () => {
    const variables = {
      AWS_ACCESS_KEY_ID: 'AKIA1',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_SESSION_TOKEN: undefined,
    };
    await expect(given(variables)).resolves.toEqual({ accessKeyId: 'AKIA1', secretAccessKey: 's' });
  });

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])(
    'are an error without %s, and the error reveals none',
    async (name) => {
      const variables = { AWS_ACCESS_KEY_ID: 'AKIA1', AWS_SECRET_ACCESS_KEY: 'hidden', [name]: undefined };
      await expect(given(variables)).rejects.toThrow(
        /^AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set$/,
      );
    },
  );
});
