import { backgroundFunction } from '../../shared/lambda/background.ts';
import { log } from '../../shared/lib/log.ts';
import { reportOutcome } from '../../shared/ticketing/outcome.ts';
import { outcomeContext } from '../wiring/ticketing.ts';

export const handler = backgroundFunction('report-outcome', async (run, event) => {
  const { recoveryId, end } = await reportOutcome(event, outcomeContext(run));
  const refuted = end === 'refuted';
  log[refuted ? 'error' : 'info']('outcome', { requestId: run.requestId, recoveryId, end });
  return { fields: { told: end === 'told' ? 1 : 0 }, metrics: { ...(refuted && { Problems: 1 }) } };
});
