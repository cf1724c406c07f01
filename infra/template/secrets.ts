import { parseConnections } from '../../shared/config/ticketing.ts';
import { pascalCase, ticketingSecretPrefix } from './resource-names.ts';
import type { TemplateSettings } from './settings.ts';

/**
 * The key with which functions seal list cursors. Its logical id contains its generation: a new generation is a new
 * secret, and since functions refer to it, the same deployment gives it to them.
 */
export function cursorSecret({ cursorKeyGeneration }: Pick<TemplateSettings, 'cursorKeyGeneration'>) {
  return {
    [`CursorSecret${cursorKeyGeneration}`]: {
      Type: 'AWS::SecretsManager::Secret',
      Properties: {
        Description: 'Seals the list cursors of the MFA self-service API.',
        GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true },
      },
    },
  };
}

/**
 * Per connected ticketing system, one secret for its webhooks and one for the outcomes reported to it. Values are
 * generated; one that is put later survives deployments, and functions read it at run time.
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
