import { ticketingSecrets } from '../../shared/aws/secrets.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { deploymentSettings } from '../../shared/config/deployment.ts';
import { ticketingSettings } from '../../shared/config/ticketing.ts';
import type { AnonymousCall } from '../../shared/http/endpoint.ts';
import type { Run } from '../../shared/lambda/background.ts';
import type { OutcomeContext } from '../../shared/ticketing/outcome.ts';
import type { TicketContext } from '../../shared/ticketing/receive.ts';

export const ticketContext = ({ signal }: AnonymousCall): TicketContext => ({
  connections: ticketingSettings().TICKETING,
  secrets: ticketingSecrets(signal),
});

export const outcomeContext = ({ signal }: Run): OutcomeContext => ({
  stage: deploymentSettings().STAGE,
  connections: ticketingSettings().TICKETING,
  store: recoveryStore({ signal }),
  secrets: ticketingSecrets(signal),
  privateAddresses: ticketingSettings().OUTCOME_PRIVATE_ADDRESSES === 'allow',
  signal,
});
