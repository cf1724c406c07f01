import { describe, expect, it } from 'vitest';
import { findCredentials } from '../../../clients/cli/src/aws/credentials.ts';
import { parseIni } from '../../../clients/cli/src/aws/ini.ts';
import type { Environment } from '../../../clients/cli/src/host.ts';
import { useHome } from './command.ts';

const home = useHome();

const keys = (name: string) => `aws_access_key_id = AKIA${name}\naws_secret_access_key = secret-${name}\n`;
const found = (name: string) => ({ accessKeyId: `AKIA${name}`, secretAccessKey: `secret-${name}` });
const variables = (name: string) => ({
  AWS_ACCESS_KEY_ID: `AKIA${name}`,
  AWS_SECRET_ACCESS_KEY: `secret-${name}`,
});

function find(profile?: string, env: Environment = {}) {
  const askForCode = async () => '123456';
  return findCredentials({ env: { HOME: home.folder, ...env }, profile, askForCode });
}

async function useFiles(): Promise<void> {
  await home.write('.aws/credentials', `[default]\n${keys('DEFAULT')}[work]\n${keys('WORK')}`);
  await home.write(
    '.aws/config',
    `[default]\nregion = eu-central-1\n[profile configured]\n${keys('CONFIGURED')}aws_session_token = token\n` +
      `[work]\n${keys('NOT')}`,
  );
}

describe('credentials are found where the AWS CLI finds them', () => {
  it.each<[string, string | undefined, Environment, object]>([
    ['the default profile', undefined, {}, found('DEFAULT')],
    ['--profile', 'work', {}, found('WORK')],
    ['AWS_PROFILE', undefined, { AWS_PROFILE: 'work' }, found('WORK')],
    ['AWS_DEFAULT_PROFILE', undefined, { AWS_DEFAULT_PROFILE: 'work' }, found('WORK')],
    ['--profile before AWS_PROFILE', 'work', { AWS_PROFILE: 'none' }, found('WORK')],
    ['the environment', undefined, variables('ENV'), found('ENV')],
    [
      'the environment before AWS_PROFILE',
      undefined,
      { ...variables('ENV'), AWS_PROFILE: 'work' },
      found('ENV'),
    ],
    ['--profile before the environment', 'work', variables('ENV'), found('WORK')],
    [
      'the environment with a session token',
      undefined,
      { ...variables('ENV'), AWS_SESSION_TOKEN: 'token' },
      { ...found('ENV'), sessionToken: 'token' },
    ],
    ['a profile of the config file', 'configured', {}, { ...found('CONFIGURED'), sessionToken: 'token' }],
  ])('%s', async (_, profile, env, expected) => {
    await useFiles();
    expect(await find(profile, env)).toEqual(expected);
  });

  it('files that the environment names', async () => {
    const credentials = await home.write('elsewhere', `[default]\n${keys('ELSEWHERE')}`);
    expect(await find(undefined, { AWS_SHARED_CREDENTIALS_FILE: credentials })).toEqual(found('ELSEWHERE'));
    await home.write('own/config', `[profile x]\n${keys('X')}`);
    expect(await find('x', { AWS_CONFIG_FILE: '~/own/config' })).toEqual(found('X'));
  });

  it('a program', async () => {
    const document = JSON.stringify({
      Version: 1,
      AccessKeyId: 'AKIAP',
      SecretAccessKey: 's',
      SessionToken: 't',
    });
    await home.write('.aws/config', `[profile p]\ncredential_process = echo '${document}'\n`);
    expect(await find('p')).toEqual({ accessKeyId: 'AKIAP', secretAccessKey: 's', sessionToken: 't' });
  });
});

describe('credentials are refused with the reason', () => {
  it.each([
    ['no files', '', undefined, /There are no credentials/],
    ['an unknown profile', '', 'none', /no profile "none" in .*credentials or .*config/],
    ['SSO', '[profile p]\nsso_session = corp\nsso_account_id = 1\n', 'p', /GetSessionToken/],
    ['SSO of the older form', '[profile p]\nsso_start_url = https://x\n', 'p', /GetSessionToken/],
    ['a web identity', '[profile p]\nrole_arn = r\nweb_identity_token_file = f\n', 'p', /web identity/],
    ['a machine', '[profile p]\nrole_arn = r\ncredential_source = Environment\n', 'p', /credential_source/],
    ['a console login', '[profile p]\nlogin_session = arn\n', 'p', /aws login/],
    ['an empty profile', '[profile p]\nregion = x\n', 'p', /has no credentials/],
    ['half a key', '[profile p]\naws_access_key_id = AKIA\n', 'p', /no secret/],
    [
      'a circle',
      '[profile p]\nrole_arn = r\nsource_profile = q\n[profile q]\nrole_arn = r\nsource_profile = p\n',
      'p',
      /leads back/,
    ],
    ['a program that fails', '[profile p]\ncredential_process = exit 1\n', 'p', /failed. Run it by hand/],
    [
      'a program that prints nonsense',
      '[profile p]\ncredential_process = echo secret-nonsense\n',
      'p',
      /printed no credentials/,
    ],
  ])('%s', async (_, config, profile, message) => {
    await home.write('.aws/config', config);
    await expect(find(profile)).rejects.toThrow(message);
    await expect(find(profile)).rejects.toMatchObject({ exitCode: 2 });
    await expect(find(profile)).rejects.not.toThrow(/secret-nonsense/);
  });

  it('a program that needs the profile it is of', async () => {
    await home.write('.aws/config', '[profile p]\ncredential_process = iam-mfa session --profile p\n');
    await expect(find('p', { IAM_MFA_CREDENTIAL_PROCESS: '1' })).rejects.toThrow(/needs that profile itself/);
  });

  it('half a key in the environment', async () => {
    await expect(find(undefined, { AWS_ACCESS_KEY_ID: 'AKIA' })).rejects.toThrow(
      /AWS_SECRET_ACCESS_KEY is not/,
    );
  });
});

describe('a configuration file', () => {
  const settings = (text: string) =>
    Object.fromEntries([...parseIni(text)].map(([name, section]) => [name, Object.fromEntries(section)]));

  it.each([
    ['settings with and without spaces', '[a]\nx=1\ny = 2 3 \n', { a: { x: '1', y: '2 3' } }],
    ['values with = and #', '[a]\nx = a=b#c\n', { a: { x: 'a=b#c' } }],
    ['comments', '# [b]\n[a]\n; x = 1\n#y = 2\n', { a: {} }],
    ['Windows', '\uFEFF[a]\r\nx = 1\r\n', { a: { x: '1' } }],
    ['names in capitals', '[a]\nAWS_Access_Key_ID = 1\n', { a: { aws_access_key_id: '1' } }],
    ['nested settings', '[a]\ns3 =\n  x = 1\ny = 2\n', { a: { s3: '', y: '2' } }],
    ['a section that comes twice', '[a]\nx = 1\n[b]\n[a]\ny = 2\n', { a: { x: '1', y: '2' }, b: {} }],
    ['quoted names', '[profile "a b"]\n[profile  c]\n', { 'profile a b': {}, 'profile c': {} }],
    ['what is no setting', 'x = 1\n[a]\nnonsense\n', { a: {} }],
  ])('with %s', (_, text, expected) => {
    expect(settings(text)).toEqual(expected);
  });
});
