import { describe, expect, it } from 'vitest';
import { credentialsIn, isAccessKeyId, lacksToken } from '../../../clients/portal/src/credentials.ts';

const session = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCY=EXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjE//+a/b==',
};
const { accessKeyId, secretAccessKey, sessionToken } = session;

describe('pasted credentials', () => {
  it.each([
    [
      'from the AWS CLI as JSON',
      JSON.stringify(
        {
          Credentials: {
            AccessKeyId: accessKeyId,
            SecretAccessKey: secretAccessKey,
            SessionToken: sessionToken,
          },
        },
        null,
        2,
      ),
    ],
    ['from this API as JSON', JSON.stringify(session)],
    [
      'as exports',
      `export AWS_ACCESS_KEY_ID=${accessKeyId}\nexport AWS_SECRET_ACCESS_KEY="${secretAccessKey}"\nexport AWS_SESSION_TOKEN='${sessionToken}'`,
    ],
    [
      'for PowerShell',
      `$Env:AWS_ACCESS_KEY_ID="${accessKeyId}"\r\n$Env:AWS_SECRET_ACCESS_KEY="${secretAccessKey}"\r\n$Env:AWS_SESSION_TOKEN="${sessionToken}"`,
    ],
    [
      'from a profile',
      `[default]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = ${sessionToken}`,
    ],
  ])('%s are read', (_, text) => {
    expect(credentialsIn(text)).toEqual(session);
  });

  it('can be without a token', () => {
    const text = `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`;
    expect(credentialsIn(text)).toEqual({ accessKeyId, secretAccessKey });
  });

  it.each(['', 'hello', `AWS_ACCESS_KEY_ID=${accessKeyId}`, `AWS_SECRET_ACCESS_KEY=${secretAccessKey}`])(
    'are not found in "%s"',
    (text) => {
      expect(credentialsIn(text)).toBeUndefined();
    },
  );

  it('of a session are useless without its token', () => {
    expect(lacksToken({ accessKeyId, secretAccessKey })).toBe(true);
    expect(lacksToken(session)).toBe(false);
    expect(lacksToken({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey })).toBe(false);
  });
});

it.each([
  ['AKIAIOSFODNN7EXAMPLE', true],
  ['ASIAIOSFODNN7EXAMPLE', true],
  ['AIDAIOSFODNN7EXAMPLE', false],
  ['akiaiosfodnn7example', false],
  ['AKIA', false],
  [' AKIAIOSFODNN7EXAMPLE', false],
])('whether "%s" is an access key id: %s', (text, expected) => {
  expect(isAccessKeyId(text)).toBe(expected);
});
