import { ticketingSecrets } from '../../shared/aws/secrets.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { env } from '../../shared/config/deployment.ts';
import { ticketingSettings } from '../../shared/config/ticketing.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { reportOutcome } from '../../shared/ticketing/outcome.ts';

export const handler = backgroundFunction('report-outcome', async ({ signal }, event) => {
  const { TICKETING, OUTCOME_PRIVATE_ADDRESSES } = ticketingSettings();
  const told = await reportOutcome(event, {
    stage: env().STAGE,
    connections: TICKETING,
    store: recoveryStore({ signal }),
    secrets: ticketingSecrets(signal),
    privateAddresses: OUTCOME_PRIVATE_ADDRESSES === 'allow',
    signal,
  });
  return { fields: { told: told ? 1 : 0 }, metrics: {} };
});
