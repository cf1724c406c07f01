import { ticketingSecrets } from '../../shared/aws/secrets.ts';
import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import { env } from '../../shared/config/deployment.ts';
import { connections, privateAddressesAllowed } from '../../shared/config/ticketing.ts';
import { backgroundFunction } from '../../shared/lambda/background.ts';
import { reportOutcome } from '../../shared/ticketing/outcome.ts';

export const handler = backgroundFunction('report-outcome', async ({ signal }, event) => {
  const told = await reportOutcome(event, {
    stage: env().STAGE,
    connections: connections(),
    store: recoveryStore({ signal }),
    secrets: ticketingSecrets(signal),
    privateAddresses: privateAddressesAllowed(),
    signal,
  });
  return { fields: { told: told ? 1 : 0 }, metrics: {} };
});
