import { recoveryStore } from '../shared/aws/recovery-store.ts';
import { ticketingSecrets } from '../shared/aws/secrets.ts';
import { env } from '../shared/env.ts';
import { scheduled } from '../shared/scheduled.ts';
import { connections, privateAddressesAllowed } from '../shared/ticketing/config.ts';
import { reportOutcome } from '../shared/ticketing/outcome.ts';

export const handler = scheduled('report-outcome', async ({ signal }, event) => {
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
