import { webhookSystems } from '../../shared/contract/ticketing.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { connects, tellsOutcomesTo } from './conditions.ts';
import { setting } from './parameters.ts';
import { placeholders } from './placeholders.ts';
import { pascalCase, ticketingSecretPrefix } from './resource-names.ts';

const randomText = { PasswordLength: 64, ExcludePunctuation: true };

/** Names the key within the secret, so that a new generation changes the secret and all that refers to it. */
const cursorKeyName = `key${setting('CursorKeyGeneration')}`;

/** Refers to the key with which functions seal list cursors. */
export const cursorKeyReference = {
  'Fn::Join': [
    '',
    ['{{resolve:secretsmanager:', { Ref: 'CursorSecret' }, ':SecretString:', cursorKeyName, '}}'],
  ],
};

/** The key of the cursors. A secret whose generator changes gets a new value. Source: CloudFormation, Secret. */
export const cursorSecret = (): Readonly<Record<string, TemplateResource>> => ({
  CursorSecret: {
    Type: 'AWS::SecretsManager::Secret',
    Properties: {
      Description: 'Seals the list cursors of the MFA self-service API.',
      GenerateSecretString: { SecretStringTemplate: '{}', GenerateStringKey: cursorKeyName, ...randomText },
    },
  },
});

/**
 * Per connected ticketing system, one secret for its webhooks and one for the outcomes reported to it. Values are
 * generated; one that is put later survives deployments, and functions read it at run time.
 */
export function ticketingSecrets(): Readonly<Record<string, TemplateResource>> {
  const secrets = webhookSystems.flatMap((system) => [
    { name: system, what: 'Signs the webhooks', Condition: connects(system) },
    { name: `${system}-outcome`, what: 'Signs the outcomes', Condition: tellsOutcomesTo(system) },
  ]);
  return Object.fromEntries(
    secrets.map(({ name, what, Condition }) => [
      `TicketingSecret${pascalCase(name)}`,
      {
        Type: 'AWS::SecretsManager::Secret',
        Condition,
        Properties: {
          Name: `${ticketingSecretPrefix(placeholders.stage)}${name}`,
          Description: `${what} of the ticketing system (docs/ticketing.md).`,
          GenerateSecretString: randomText,
        },
      },
    ]),
  );
}
