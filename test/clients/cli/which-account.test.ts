import { describe, expect, it } from 'vitest';
import type { Environment } from '../../../clients/cli/src/host.ts';
import { apiSettings } from '../../../clients/cli/src/settings.ts';
import { useCommand } from './command.ts';

const { api, home, as } = useCommand();

const profileOf = (userName: string, settings: string) => {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = as(userName);
  return `aws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n${settings}\n`;
};

describe('the URL of the API', () => {
  const everywhere = async () => {
    await home.write(
      '.aws/config',
      '[default]\niam_mfa_api_url = https://default/\n' +
        '[profile prod]\niam_mfa_api_url = https://prod/\niam_mfa_region = eu-west-1\n' +
        '[profile other]\nregion = eu-west-3\n',
    );
    await home.write(
      '.config/iam-mfa/config',
      '[default]\napi = https://remembered/\n[profile other]\napi = https://other/\nregion = eu-west-2\n',
    );
  };
  const variable = { IAM_MFA_API_URL: 'https://variable/' };

  it.each<[string, Parameters<typeof apiSettings>[0], string | undefined, Environment, string, string?]>([
    ['that of the option', { api: 'https://option/' }, 'prod', variable, 'https://option/'],
    ['else that of the environment', {}, 'prod', variable, 'https://variable/'],
    ['else that of the profile', {}, 'prod', {}, 'https://prod/', 'eu-west-1'],
    [
      'that of the profile, in another Region',
      { region: 'us-east-2' },
      'prod',
      {},
      'https://prod/',
      'us-east-2',
    ],
    ['else that of the file, by profile', {}, 'other', {}, 'https://other/', 'eu-west-2'],
    ['else that of the file', {}, 'nobody', {}, 'https://remembered/'],
    ['that of the default profile if there is no other', {}, undefined, {}, 'https://default/'],
  ])('is %s', async (_, options, profile, env, url, region) => {
    await everywhere();

    const found = await apiSettings(options, profile, { HOME: home.folder, ...env });

    expect(found).toMatchObject({ url, region });
  });

  it.each([
    [['--api', 'http://127.0.0.1:1'], {}, '--api'],
    [[], { IAM_MFA_API_URL: 'http://127.0.0.1:1' }, 'IAM_MFA_API_URL'],
    [['--profile', 'broken'], {}, 'iam_mfa_api_url of profile "broken"'],
    [['--profile', 'alone'], {}, '/.config/iam-mfa/config'],
  ])('%j is named with where it was found if nobody answers', async (args, env, from) => {
    await home.write(
      '.aws/config',
      `[profile broken]\n${profileOf('alice', 'iam_mfa_api_url = http://127.0.0.1:1')}` +
        `[profile alone]\n${profileOf('alice', '')}[default]\n${profileOf('alice', '')}`,
    );
    await home.write('.config/iam-mfa/config', '[default]\napi = http://127.0.0.1:1\n');

    const { exitCode, stderr } = await home.run(['status', '--output', 'json', ...args], env);

    expect(exitCode).toBe(3);
    const { error } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    expect(error.api).toMatchObject({ url: 'http://127.0.0.1:1', from: expect.stringContaining(from) });
  });

  it('that lacks a Region says where to put it', async () => {
    await home.write(
      '.aws/config',
      `[profile p]\n${profileOf('alice', 'iam_mfa_api_url = https://mfa.example.com')}`,
    );

    const { exitCode, stderr } = await home.run(['status', '--profile', 'p']);

    expect(exitCode).toBe(2);
    expect(stderr).toContain('iam_mfa_api_url of profile "p"');
    expect(stderr).toContain('iam_mfa_region');
  });
});

describe('the account', () => {
  it('is chosen by profile alone', async () => {
    const url = `iam_mfa_api_url = ${api.stack.apiUrl}`;
    await home.write(
      '.aws/config',
      `[profile prod]\n${profileOf('alice', url)}[profile broken]\n${profileOf('alice', 'iam_mfa_api_url = x')}`,
    );

    const status = await home.run(['--profile', 'prod', 'status']);

    expect(status).toMatchObject({ exitCode: 0 });
    expect(status.stdout).toMatch(/^alice in account 123456789012\n/);
    expect(await home.run(['--profile', 'broken', 'status'])).toMatchObject({ exitCode: 2 });
  });

  it.each<[string, Environment, string]>([
    ['of the environment', { AWS_ACCOUNT_ID: '111122223333' }, 'the environment'],
    ['of the profile', { AWS_PROFILE: 'prod' }, 'profile "prod"'],
    ['of a credential_process', { AWS_PROFILE: 'process' }, 'profile "process"'],
  ])('%s must be the one that the API answers for', async (_, env, from) => {
    const { IAM_MFA_API_URL: url, AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret } = as('alice');
    const document = { Version: 1, AccessKeyId: id, SecretAccessKey: secret, AccountId: '111122223333' };
    await home.write(
      '.aws/config',
      `[profile prod]\n${profileOf('alice', 'aws_account_id = 111122223333')}` +
        `[profile process]\ncredential_process = echo '${JSON.stringify(document)}'\n`,
    );
    const keys = env['AWS_PROFILE'] ? {} : { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret };

    const refused = await home.run(['status'], { IAM_MFA_API_URL: url, ...keys, ...env });

    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(refused.stderr).toContain('answered for account 123456789012');
    expect(refused.stderr).toContain(`API: ${url} (IAM_MFA_API_URL)`);
    expect(refused.stderr).toContain(`Credentials: ${from}, account 111122223333`);
  });

  it('is no obstacle if it is the same', async () => {
    const same = await home.run(['status'], { ...as('alice'), AWS_ACCOUNT_ID: '123456789012' });

    expect(same).toMatchObject({ exitCode: 0 });
  });

  it('is what a refusal may be about, so it names the API and the credentials', async () => {
    const refused = await home.run(['status'], { ...as('ann'), AWS_PROFILE: 'not-this' });

    expect(refused).toMatchObject({ exitCode: 1 });
    expect(refused.stderr).toContain('they belong to another account than the API');
    expect(refused.stderr).toContain(
      `API: ${api.stack.apiUrl} (IAM_MFA_API_URL)\nCredentials: the environment\n`,
    );
  });
});
