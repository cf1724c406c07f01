import { loadOperations } from '../../infra/operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { startTestStack } from '../support/stack.ts';
import type { Row } from './row.ts';
import { ordinaryRequests, type SentRequest } from './upstream-requests.ts';

/**
 * The calls to IAM and STS that each operation makes in its ordinary course, by the local AWS's trail, against those
 * that its contract names; and that a caller's credentials serve his next request too.
 */
export async function upstreamRows(): Promise<readonly Row[]> {
  const operations = (await loadOperations()).filter(({ actions }) => actions.length > 0);
  const stack = await startTestStack();
  try {
    const sent = await ordinaryRequests(stack);
    return [...operations.map((operation) => callsRow(operation, sent)), assumedAgainRow(sent)];
  } finally {
    await stack.close();
  }
}

/** STS's calls: for the caller's credentials, and the one that create-session relays. No contract grants them. */
const ofSts = ['AssumeRole', 'GetSessionToken'];

export function callsRow({ name, actions }: Operation, sent: readonly SentRequest[]): Row {
  const what = `upstream calls of ${name}`;
  const request = sent.find(({ operation, repeated }) => operation === name && !repeated);
  if (request === undefined) return { what, value: undefined, unit: '', detail: 'test/bench sends none' };
  const calls = request.calls.filter((call) => !ofSts.includes(call));
  const known = new Set<string>(actions);
  const foreign = calls.filter((call) => !known.has(`iam:${call}`));
  return {
    what,
    value: foreign.length > 0 ? Number.NaN : calls.length,
    unit: '',
    reach: { atMost: actions.length },
    detail:
      foreign.length > 0
        ? `not in the contract: ${foreign.join(', ')}`
        : request.calls.filter((call) => call !== 'AssumeRole').join(', '),
    figures: Object.fromEntries(
      [...Map.groupBy(request.calls, (call) => call)].map(([call, times]) => [call, times.length]),
    ),
  };
}

export function assumedAgainRow(sent: readonly SentRequest[]): Row {
  const repeated = sent.filter((request) => request.repeated);
  const again = repeated.flatMap(({ calls }) => calls.filter((call) => call === 'AssumeRole'));
  return {
    what: 'AssumeRole for a repeated request',
    value: again.length,
    unit: '',
    reach: { atMost: 0 },
    detail: `of ${repeated.length}; the first request of a caller to a function makes one`,
  };
}
