import { describe, expect, it } from 'vitest';
import { parseConnections } from '../../../shared/config/ticketing.ts';
import { webhookSystems } from '../../../shared/contract/ticketing.ts';
import { propertiesOf, resolvedOf } from '../../support/packaged-template.ts';

const outcomeUrl = 'https://tickets.example.com/mfa';
const secretsOf = (ticketing: unknown) =>
  [...propertiesOf(resolvedOf('live', { ticketing }), 'AWS::SecretsManager::Secret').values()].flatMap(
    ({ Name }) => (Name === undefined ? [] : [String(Name).replace('mfa-self-service/live/ticketing/', '')]),
  );

describe('the secrets of ticketing', () => {
  it.each<[unknown, readonly string[]]>([
    ['', []],
    [{}, []],
    [{ standard: {} }, ['standard']],
    [{ jira: {} }, ['jira']],
    [{ zendesk: { outcomeUrl } }, ['zendesk', 'zendesk-outcome']],
    [{ jira: {}, zendesk: { outcomeUrl } }, ['jira', 'jira-outcome', 'zendesk', 'zendesk-outcome']],
  ])('for %j are %j', (ticketing, expected) => {
    expect(secretsOf(ticketing)).toEqual(expected);
  });

  it.each([
    '{"jira":{"outcomeUrl":"URL"}}',
    ' { "jira" : { "outcomeUrl" : "URL" } }',
    '{"jira"\t:{ "outcomeUrl":"URL"}}',
  ])('exist however the JSON is spaced: %s', (text) => {
    expect(secretsOf(text.trim().replace('URL', outcomeUrl))).toEqual(['jira', 'jira-outcome']);
  });

  // A condition cannot parse JSON: a word may be a system, or a name. Better one secret that nobody uses than none.
  it.each([{ zendesk: { name: 'jira' } }, { zendesk: { reasons: { jira: 'lost' } } }])(
    'lack for no connected system; of %j there is one more, which nothing uses',
    (ticketing) => {
      expect(secretsOf(ticketing)).toEqual(['jira', 'zendesk']);
      expect(parseConnections(JSON.stringify(ticketing)).map(({ system }) => system)).toEqual(['zendesk']);
    },
  );

  it.each([
    { zendesk: { name: 'jira-cloud' } },
    { zendesk: { fields: { userName: '/jira' } } },
    { zendesk: { reasons: { 'say "jira"': 'lost' } } },
  ])('are of no system that is only part of another word in %j', (ticketing) => {
    expect(secretsOf(ticketing)).toEqual(['zendesk']);
  });

  it('are generated, and named by stage and system', () => {
    const ticketing = Object.fromEntries(webhookSystems.map((system) => [system, { outcomeUrl }]));
    const secrets = [
      ...propertiesOf(resolvedOf('test', { ticketing }), 'AWS::SecretsManager::Secret').values(),
    ].filter(({ Name }) => Name !== undefined);
    expect(secrets.map(({ Name }) => Name)).toEqual(
      webhookSystems.flatMap((system) =>
        [system, `${system}-outcome`].map((name) => `mfa-self-service/test/ticketing/${name}`),
      ),
    );
    for (const { GenerateSecretString, SecretString } of secrets) {
      expect(GenerateSecretString).toEqual({ PasswordLength: 64, ExcludePunctuation: true });
      expect(SecretString).toBeUndefined();
    }
  });
});

describe('the key of the cursors', () => {
  const cursorOf = (cursorKeyGeneration: number) => {
    const resolved = resolvedOf('live', { cursorKeyGeneration });
    const functions = [...propertiesOf(resolved, 'AWS::Lambda::Function').values()];
    const keys = functions.flatMap(({ Environment }) => Object(Environment).Variables.CURSOR_KEY ?? []);
    return { secret: resolved.resources['CursorSecret'], keys };
  };

  it.each([1, 2, 17])(
    'of generation %i has its own name in the secret, and in all that refer to it',
    (generation) => {
      const { secret, keys } = cursorOf(generation);
      expect(secret?.properties['GenerateSecretString']).toEqual({
        SecretStringTemplate: '{}',
        GenerateStringKey: `key${generation}`,
        PasswordLength: 64,
        ExcludePunctuation: true,
      });
      const reference = `{{resolve:secretsmanager:${secret?.ref}:SecretString:key${generation}}}`;
      expect(keys).toEqual([reference, reference, reference]);
    },
  );
});
