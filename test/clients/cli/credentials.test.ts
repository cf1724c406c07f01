import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { findCredentials } from '../../../clients/cli/src/aws/credentials.ts';
import { parseIni } from '../../../clients/cli/src/aws/ini.ts';
import { shellWords } from '../../../clients/cli/src/aws/shell-words.ts';
import type { Environment } from '../../../clients/cli/src/host.ts';
import { useFakeApi } from '../typescript/fake-api.ts';
import { useHome } from './command.ts';

const home = useHome();
const sts = useFakeApi();

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
    [
      'AWS_DEFAULT_PROFILE before AWS_PROFILE',
      undefined,
      { AWS_DEFAULT_PROFILE: 'work', AWS_PROFILE: 'none' },
      found('WORK'),
    ],
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
    [
      'the older token variable before the newer one',
      undefined,
      { ...variables('ENV'), AWS_SESSION_TOKEN: 'token', AWS_SECURITY_TOKEN: 'older' },
      { ...found('ENV'), sessionToken: 'older' },
    ],
    [
      'the environment before a web identity',
      undefined,
      { ...variables('ENV'), AWS_WEB_IDENTITY_TOKEN_FILE: 'f', AWS_ROLE_ARN: 'r' },
      found('ENV'),
    ],
    [
      '--profile before a web identity',
      'work',
      { AWS_WEB_IDENTITY_TOKEN_FILE: 'f', AWS_ROLE_ARN: 'r' },
      found('WORK'),
    ],
    ['a profile of the config file', 'configured', {}, { ...found('CONFIGURED'), sessionToken: 'token' }],
  ])('%s', async (_, profile, env, expected) => {
    await useFiles();
    expect(await find(profile, env)).toEqual(expected);
  });

  it('files named by the environment', async () => {
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

  it('a program, without a shell', async () => {
    const document = '{"Version":1,"AccessKeyId":"$HOME","SecretAccessKey":"$(echo x);"}';
    await home.write('.aws/config', `[profile p]\ncredential_process = echo '${document}'\n`);
    const plain = { accessKeyId: '$HOME', secretAccessKey: '$(echo x);' };
    expect(await find('p')).toEqual(plain);
    await home.write(
      '.aws/config',
      `[profile p]\ncredential_process = echo ${document.replaceAll('"', '\\"').replace(' ', '\\ ')} ; touch ${home.folder}/made\n`,
    );
    await expect(find('p')).rejects.toThrow(/printed no credentials/);
    expect(await readdir(home.folder)).not.toContain('made');
  });

  it('nested programs, as long as none needs itself', async () => {
    const script = `printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}' "$(echo "$IAM_MFA_CREDENTIAL_PROCESS" | tr '\n' +)"`;
    const file = await home.write('names', script);
    await home.write('.aws/config', `[profile base]\ncredential_process = sh '${file}'\n`);
    expect(await find('base')).toMatchObject({ accessKeyId: 'base+' });
    const within = await find('base', { IAM_MFA_CREDENTIAL_PROCESS: 'mfa' });
    expect(within).toMatchObject({ accessKeyId: 'mfa+base+' });
  });

  it('keys of a source profile, even if it has a role too', async () => {
    const names = ['AccessKeyId', 'SecretAccessKey', 'SessionToken'];
    sts.on('POST /', { body: names.map((name) => `<${name}>${name}</${name}>`).join('') });
    const role = (name: string, source: string) =>
      `[profile ${name}]\nrole_arn = ${name}\nsource_profile = ${source}\nendpoint_url = ${sts.url}\n`;
    await home.write(
      '.aws/config',
      `${role('a', 'b')}${role('b', 'c')}${keys('B')}${role('own', 'own')}${keys('OWN')}`,
    );
    for (const [profile, key] of [
      ['a', 'AKIAB'],
      ['own', 'AKIAOWN'],
    ]) {
      expect(await find(profile)).toMatchObject({ accessKeyId: 'AccessKeyId', sessionToken: 'SessionToken' });
      const [request, ...others] = sts.requests.splice(0);
      expect(others).toEqual([]);
      expect(request?.headers.authorization).toContain(`Credential=${key}/`);
      expect(request?.body).toContain(`RoleArn=${profile}&`);
    }
  });

  it.each([
    ['of the credentials file', '.aws/credentials', '[x]\n'],
    ['of the config file', '.aws/config', '[profile x]\n'],
  ])('a token under its older name %s', async (_, file, heading) => {
    await home.write(file, `${heading}${keys('X')}aws_security_token = older\naws_session_token = newer\n`);
    expect(await find('x')).toEqual({ ...found('X'), sessionToken: 'older' });
  });

  it('keys next to SSO settings without an account', async () => {
    await home.write('.aws/config', `[profile x]\n${keys('X')}sso_region = y\nsso_start_url = https://z\n`);
    expect(await find('x')).toEqual(found('X'));
  });
});

describe('credentials are refused with the reason', () => {
  it.each([
    ['no files', '', undefined, /No credentials found/],
    ['an unknown profile', '', 'none', /no profile "none" in .*credentials or .*config/],
    ['SSO', '[profile p]\nsso_session = corp\nsso_account_id = 1\n', 'p', /GetSessionToken/],
    ['legacy SSO settings', '[profile p]\nsso_start_url = https://x\n', 'p', /GetSessionToken/],
    ['SSO beside keys', `[profile p]\nsso_role_name = x\n${keys('X')}`, 'p', /GetSessionToken/],
    ['a web identity', '[profile p]\nrole_arn = r\nweb_identity_token_file = f\n', 'p', /web identity/],
    [
      'machine credentials',
      '[profile p]\nrole_arn = r\ncredential_source = Environment\n',
      'p',
      /credential_source/,
    ],
    ['a console login', '[profile p]\nlogin_session = arn\n', 'p', /aws login/],
    ['an empty profile', '[profile p]\nregion = x\n', 'p', /has no credentials/],
    ['half a key', '[profile p]\naws_access_key_id = AKIA\n', 'p', /no secret access key/],
    [
      'a circle',
      '[profile p]\nrole_arn = r\nsource_profile = q\n[profile q]\nrole_arn = r\nsource_profile = p\n',
      'p',
      /leads back/,
    ],
    [
      'a role that is its own source without keys',
      '[profile p]\nrole_arn = r\nsource_profile = p\ncredential_process = echo\n',
      'p',
      /leads back/,
    ],
    ['a program that fails', '[profile p]\ncredential_process = false\n', 'p', /failed. Run it yourself/],
    [
      'a missing program',
      '[profile p]\ncredential_process = exit 1\n',
      'p',
      /could not be started \(no shell is used\): .*ENOENT/,
    ],
    ['half a quote', "[profile p]\ncredential_process = echo 'x\n", 'p', /check its quotes/],
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

  it('a program that needs its own profile', async () => {
    await home.write('.aws/config', '[profile p]\ncredential_process = iam-mfa session --profile p\n');
    await expect(find('p', { IAM_MFA_CREDENTIAL_PROCESS: 'mfa\np' })).rejects.toThrow(
      /uses that same profile/,
    );
  });

  it('a web identity in the environment', async () => {
    await useFiles();
    const env = { AWS_WEB_IDENTITY_TOKEN_FILE: 'f', AWS_ROLE_ARN: 'r' };
    await expect(find(undefined, env)).rejects.toThrow(/names a web identity/);
    await expect(find(undefined, { ...env, AWS_PROFILE: 'work' })).rejects.toThrow(/names a web identity/);
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
    ['settings with a colon', '[a]\nx: 1=2\ny : 3\n', { a: { x: '1=2', y: '3' } }],
    ['indented settings', '[a]\n  x = 1\n  y = 2\n[b]\n\tx = 3\n', { a: { x: '1', y: '2' }, b: { x: '3' } }],
    ['an indented heading', '  [a]\n  x = 1\n', { a: { x: '1' } }],
    [
      'a value on several lines',
      '[a]\nx = 1\n  y = 2\n\n  # c\n  [z]\nw = 3\n',
      { a: { x: '1\ny = 2\n[z]', w: '3' } },
    ],
    ['nested settings', '[a]\ns3 =\n  x = 1\ny = 2\n', { a: { s3: '', y: '2' } }],
    ['a repeated section', '[a]\nx = 1\n[b]\n[a]\ny = 2\n', { a: { x: '1', y: '2' }, b: {} }],
    ['quoted names', '[profile "a b"]\n[profile  c]\n', { 'profile a b': {}, 'profile c': {} }],
    ['malformed lines', 'x = 1\n[a]\nnonsense\n', { a: {} }],
  ])('with %s', (_, text, expected) => {
    expect(settings(text)).toEqual(expected);
  });
});

it.each<[string, readonly string[] | undefined]>([
  ['a  b\tc ', ['a', 'b', 'c']],
  ['\'a b\' "c d"', ['a b', 'c d']],
  ['a\'b\'"c"', ['abc']],
  ['a\\ b \\"c\\\\', ['a b', '"c\\']],
  ["'a\\b'", ['a\\b']],
  ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
  ['\'\' ""', ['', '']],
  ['$HOME `x` $(y) ~ | ; # z', ['$HOME', '`x`', '$(y)', '~', '|', ';', '#', 'z']],
  ['', []],
  ["'a", undefined],
  ['"a\\"', undefined],
  ['a\\', undefined],
])('a command is split as by shlex: %j', (text, words) => {
  expect(shellWords(text)).toEqual(words);
});
