import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Statement } from '../policies/policy-document.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import { deadLetterResources } from './dead-letter-queues.ts';
import { gatewayResponseResources } from './gateway-responses.ts';
import { managedPolicyResources } from './managed-policy-resources.ts';
import { placeholders } from './placeholders.ts';
import { roleResources } from './role-resources.ts';
import { cursorSecret, ticketingSecrets } from './secrets.ts';
import type { TemplateSettings } from './settings.ts';
import { tableResource } from './table.ts';

/** The statements of the REST API's resource policy. */
export async function resourcePolicyStatements(settings: TemplateSettings): Promise<readonly Statement[]> {
  const { Statement: statements } = resourcePolicy(await loadOperations(), settings);
  return [statements].flat();
}

/** The resources derived from contracts and settings, by logical id. */
export async function resources(settings: TemplateSettings): Promise<Readonly<Record<string, unknown>>> {
  const operations = await loadOperations();
  return {
    ...roleResources(operations, settings),
    Table: tableResource(),
    ...managedPolicyResources(operations, { ...placeholders, stage: settings.stage }),
    ...deadLetterResources(settings),
    ...gatewayResponseResources(settings),
    ...cursorSecret(settings),
    ...ticketingSecrets(settings),
  };
}
