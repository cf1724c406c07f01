import { startLocalStack } from '../../local-aws/stack.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import type { Operation } from '../../shared/contract/operation.ts';
import { startBehindProxy } from '../support/sequence-proxy.ts';
import { type TestStack, testStack } from '../support/stack.ts';
import { staffSession } from '../support/staff.ts';
import type { Row } from './row.ts';
import { ordinaryRequests, type SentRequest } from './upstream-requests.ts';

/**
 * The IAM and STS calls that each operation normally makes, by the local AWS's trail, against those in its
 * contract; and whether a caller's credentials are reused for their next request.
 */
export async function upstreamRows(): Promise<readonly Row[]> {
  const operations = (await loadOperations()).filter(({ actions }) => actions.length > 0);
  const { stack, proxy, close } = await startBehindProxy(async (options) =>
    testStack(await startLocalStack(options)),
  );
  try {
    const sent = await ordinaryRequests(stack, proxy);
    const ofOperations = operations.map((operation) => callsRow(operation, sent));
    const waits = Object.keys(mostInSequence).map((request) => waitsRow(request, sent));
    return [...ofOperations, ...waits, assumedAgainRow(sent), await coverageRow(stack)];
  } finally {
    await close();
  }
}

/**
 * How many calls to IAM and STS may follow one another for a request by a caller without cached credentials. A
 * request takes about as long as these. test/e2e/waits.test.ts holds it.
 */
export const mostInSequence: Readonly<Record<string, number>> = {
  'get-me': 2,
  'list-mfa-devices': 2,
  'get-mfa-device': 2,
  'create-first-mfa-device': 3,
  'create-first-mfa-device, again': 5,
  'enable-first-mfa-device': 4,
  'create-session': 1,
  'create-mfa-device': 2,
  'enable-mfa-device': 4,
  'enable-mfa-device, replacing': 5,
  'update-mfa-device': 3,
  'tag-mfa-device': 3,
  'deactivate-mfa-device': 4,
  'delete-mfa-device': 4,
  'delete-mfa-device, pending': 3,
};

export function waitsRow(what: string, sent: readonly SentRequest[]): Row {
  const request = sent.find(({ operation, repeated }) => operation === what && !repeated);
  return {
    what: `calls in sequence of ${what}`,
    value: request?.inSequence,
    unit: '',
    reach: { atMost: mostInSequence[what] ?? 0 },
    detail: request?.calls.join(', ') ?? 'test/bench sends none',
  };
}

/** Calls to STS: for the caller's credentials, and the one that create-session relays. No contract grants them. */
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

/** The coverage calls for an account with as many users as the default quota allows. */
export async function coverageRow(stack: TestStack, users = 5_000): Promise<Row> {
  const { account } = stack;
  for (let count = account.users.list().length; count < users; count += 1) {
    const userName = `user-${count}`;
    const user = account.users.create({ userName, path: '/', tags: [], now: account.now() });
    const device = account.devices.createVirtual(`arn:aws:iam::123456789012:mfa/${userName}`, []);
    account.devices.establish(device, user, account.now());
  }
  // Expires any existing report.
  stack.clock.advance(5 * 3600);
  const kim = await staffSession(stack, 'kim');
  await stack.settled();
  stack.account.trail.clear();
  const answer = await stack.fetch(kim, 'GET', '/v1/users');
  const calls = stack.account.trail.events().map(({ operation }) => operation);
  const lists = calls.filter((call) => call === 'ListVirtualMFADevices').length;
  const reports = calls.filter((call) => call === 'GenerateCredentialReport').length;
  return {
    what: `lists for the coverage of ${answer.json().items.length} users`,
    value: reports > 1 ? Number.NaN : lists,
    unit: '',
    reach: { atMost: Math.ceil(users / 1000) },
    detail: [...new Set(calls)].join(', '),
    figures: { lists, reports },
  };
}
