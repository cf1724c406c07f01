import { type ProblemCode, problems } from '../../../shared/contract/problem.ts';
import type { Answer, Sending } from '../client.ts';
import { type Check, notChecked, type Outcome, verdict } from '../finding.ts';
import { described, isLost, isOurs } from '../requests.ts';
import type { Keys } from '../sign.ts';
import type { Perhaps, Subject } from '../subject.ts';
import { gatewayResponse } from '../targets.ts';

/** The largest body that API Gateway takes, in bytes. Source: API Gateway quotas. */
const payloadLimit = 10 * 1024 * 1024;

/** A response that API Gateway makes itself, and the request that brings it about. */
interface Provocation {
  readonly type: string;
  readonly code: ProblemCode;
  readonly sending: Sending;
  /** Who sends it; nobody by default. */
  readonly by?: (subject: Subject) => Promise<Perhaps<Keys>> | Perhaps<Keys | undefined>;
  /** What else the document says. */
  readonly members?: (subject: Subject) => Readonly<Record<string, unknown>>;
  /** Whether something in front of API Gateway, such as a proxy, may refuse it instead. */
  readonly mayNotArrive?: boolean;
}

const me: Sending = { method: 'GET', path: '/v1/me' };

const provocations: readonly Provocation[] = [
  { type: 'MISSING_AUTHENTICATION_TOKEN', code: 'unauthenticated', sending: me },
  {
    type: 'INVALID_SIGNATURE',
    code: 'unauthenticated',
    sending: me,
    by: ({ longTerm }) => ({ keys: { ...longTerm, secretAccessKey: 'not-the-secret-of-this-access-key' } }),
  },
  {
    type: 'ACCESS_DENIED',
    code: 'access-denied',
    sending: { method: 'DELETE', path: '/v1/mfa-devices/verify-no-such-device?verify=1' },
    by: ({ withoutMfa }) => ({ keys: withoutMfa }),
    members: (subject) => ({ maxAgeSeconds: subject.me.stepUpMaxAgeSeconds }),
  },
  { type: 'EXPIRED_TOKEN', code: 'session-expired', sending: me, by: ({ expired }) => expired() },
  {
    type: 'REQUEST_TOO_LARGE',
    code: 'body-too-large',
    sending: { method: 'POST', path: '/v1/me/sessions', body: ' '.repeat(payloadLimit + 1) },
    by: ({ longTerm }) => ({ keys: longTerm }),
    mayNotArrive: true,
  },
  {
    // Of all methods, only preflights take no body but JSON.
    type: 'UNSUPPORTED_MEDIA_TYPE',
    code: 'unsupported-media-type',
    sending: { method: 'OPTIONS', path: '/v1/me', body: 'verify', headers: { 'content-type': 'text/plain' } },
    by: ({ origins }) =>
      origins.length > 0 ? nobody : { missing: 'only preflights bring it about: give --origin' },
  },
  {
    type: 'DEFAULT_4XX',
    code: 'validation-failed',
    sending: { method: 'OPTIONS', path: '*' },
    mayNotArrive: true,
  },
];

const nobody = { keys: undefined };

/** Responses of API Gateway itself, each brought about by one request. */
export const gatewayAnswers = (subject: Subject): readonly Check[] =>
  provocations.map((provocation) => ({
    name: `answer of API Gateway: ${provocation.type}`,
    standsFor: [gatewayResponse(provocation.type)],
    run: () => provoked(subject, provocation),
  }));

async function provoked(subject: Subject, provocation: Provocation): Promise<Outcome> {
  const { type, sending, mayNotArrive = false } = provocation;
  const by = (await provocation.by?.(subject)) ?? nobody;
  if ('missing' in by) return notChecked(by.missing);
  const answer = await subject.client.send(sending, by.keys);
  if (isLost(answer) || (mayNotArrive && !isOfGateway(answer))) {
    return notChecked(`nothing outside brought it about: ${answer.status} from in front of API Gateway`);
  }
  const faults = [...faultsIn(answer, provocation, subject), ...corsFaultsIn(answer, subject.origins)];
  const shown = described({ ...sending, body: '' }, answer);
  return verdict(faults.length > 0 && `${type}: ${faults.join('; ')} in ${shown}`);
}

/** API Gateway puts its request ids on whatever it sends. */
const isOfGateway = ({ headers }: Answer): boolean => headers['x-amzn-requestid'] !== undefined;

function faultsIn(answer: Answer, { code, members }: Provocation, subject: Subject): readonly string[] {
  const { status, headers } = answer;
  const problem = objectIn(answer.text);
  const expected = { code, status: problems[code].status, type: `/problems/${code}` };
  const stated = { ...expected, ...members?.(subject) };
  const wrong = Object.entries(stated).filter(([name, value]) => problem[name] !== value);
  return [
    ...(isOurs(answer) ? ['a function answered'] : []),
    ...(status === problems[code].status ? [] : [`status instead of ${problems[code].status}`]),
    ...(headers['content-type'] === 'application/problem+json' ? [] : [`type ${headers['content-type']}`]),
    ...(headers['cache-control'] === 'no-store' ? [] : ['no Cache-Control: no-store']),
    ...wrong.map(([name, value]) => `"${name}" is not ${JSON.stringify(value)}`),
    ...(typeof problem['detail'] === 'string' && problem['detail'] !== '' ? [] : ['no detail']),
    ...(problem['requestId'] === headers['x-amzn-requestid'] ? [] : ['not the request’s id']),
  ];
}

/** Pages of the first configured origin can read refusals, and no others. */
function corsFaultsIn({ headers }: Answer, origins: readonly string[]): readonly string[] {
  const allowed = headers['access-control-allow-origin'];
  if (origins.length === 0) {
    return allowed === undefined
      ? []
      : [`open to pages of ${allowed}: if that is meant, give it with --origin`];
  }
  const right = allowed !== undefined && origins.includes(allowed) && headers['vary'] === 'origin';
  return right ? [] : [`open to pages of ${allowed ?? 'no origin'} and not of ${origins.join(', ')}`];
}

function objectIn(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
