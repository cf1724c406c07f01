import { backgroundFunction } from '../../shared/lambda/background.ts';
import { reportOutcome } from '../../shared/ticketing/outcome.ts';
import { outcomeContext } from '../wiring/ticketing.ts';

export const handler = backgroundFunction('report-outcome', async (run, event) => {
  const told = await reportOutcome(event, outcomeContext(run));
  return { fields: { told: told ? 1 : 0 }, metrics: {} };
});
