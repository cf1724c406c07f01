import { parseConnections } from '../../shared/config/ticketing.ts';
import { pascalCase, ticketingSecretPrefix } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

/**
 * The key with which functions seal the cursors of lists. Its logical id has its generation: a new one is a new
 * secret, and since the functions refer to it, they get it with the same deployment.
 */
export function cursorSecret({ cursorKeyGeneration }: Pick<TemplateSettings, 'cursorKeyGeneration'>) {
  return {
    [`CursorSecret${cursorKeyGeneration}`]: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Description: 'Seals the cursors of lists that the MFA self-service API hands out.',
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      },
    },
  };
}

/**
 * One secret for the webhooks of each connected ticketing system, and one for the outcomes that it is told. They are
 * generated; a value put later stays, since functions read them when they need them.
 */
export function ticketingSecrets({ stage, ticketing }: Pick<TemplateSettings, 'stage' | 'ticketing'>) {
  const names = parseConnections(ticketing).flatMap(({ system, outcomeUrl }) => [
    { name: system, what: 'Signs the webhooks' },
    ...(outcomeUrl === undefined ? [] : [{ name: `${system}-outcome`, what: 'Signs the outcomes' }]),
  ]);
  return Object.fromEntries(
    names.map(({ name, what }) => [
      `TicketingSecret${pascalCase(name)}`,
      {
        Type: 'AWS::SecretsManager::Secret',
        Properties: {
          Name: `${ticketingSecretPrefix(stage)}${name}`,
          Description: `${what} of the ticketing system (docs/ticketing.md).`,
          GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
        },
      },
    ]),
  );
}
