import { problemCodeOf } from '../../contract/problem.ts';
import { auditFields } from '../../events/audit.ts';
import { currentInvocation } from '../../lib/invocation.ts';
import { errorFields, log } from '../../lib/log.ts';
import type { Report } from '../../lib/report.ts';
import { type Mended, type ReconcileOptions, reconcile } from './reconcile.ts';
import type { ReconcilePorts } from './reconcile-ports.ts';

const mended: ReadonlySet<Mended['end']> = new Set(['hold-removed', 'hold-attached', 'guard-lifted']);

/** Compares holds with guards; the report says how it went. Never throws: the next run compares again. */
export async function reconciled(
  requestId: string,
  ports: ReconcilePorts,
  options: Pick<ReconcileOptions, 'millisLeft'>,
): Promise<Report> {
  try {
    return reportOf(await reconcile(ports, { ...options, onEnd: (one) => logEnd(requestId, one) }));
  } catch (error) {
    log.error('holds not compared', { requestId, ...errorFields(error) });
    return { fields: {}, metrics: { Problems: 1 } };
  }
}

/** One audit line per user of whom something was changed. */
function logEnd(requestId: string, { userId, end, error }: Mended): void {
  if (end === 'unexplained') log.warn('hold unexplained', { requestId, ownerId: userId });
  if (end === 'error')
    log.error('hold and guard not mended', { requestId, ownerId: userId, ...errorFields(error) });
  const { changes, recovery } = currentInvocation();
  if (changes.size === 0) return;
  const entry = auditFields({
    action: 'reconcile-hold',
    result: mended.has(end) ? 'done' : 'incomplete',
    code: error === undefined ? undefined : problemCodeOf(error),
    requestId,
    recovery,
    ownerId: userId,
    changes: [...changes],
  });
  log.info('change', entry);
}

function reportOf(all: readonly Mended[]): Report {
  const [put, unexplained, problems] = [
    all.filter(({ end }) => mended.has(end)).length,
    all.filter(({ end }) => end === 'unexplained').length,
    all.filter(({ end }) => end === 'error').length,
  ];
  return {
    fields: { mended: put, unexplained },
    metrics: { ...(put > 0 && { HoldsMended: put }), ...(problems > 0 && { Problems: problems }) },
  };
}
