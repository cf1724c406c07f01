import { preflightHeaders, preflightsOf } from '../../template/preflight.ts';
import type { Answer, Sending } from '../client.ts';
import { type Check, verdict } from '../finding.ts';
import { described, filled, inParallel, isLost } from '../requests.ts';
import type { Subject } from '../subject.ts';
import { corsOfFunctions, preflightMethods, statement } from '../targets.ts';

const allowOrigin = 'access-control-allow-origin';
/** A page's origin that nobody can have configured. */
const foreign = 'https://verify.invalid';

/** Which pages may call the API: those of the configured origins, and no others. */
export function crossOrigin(subject: Subject): readonly Check[] {
  const [first] = subject.origins;
  if (first === undefined) {
    return [noPreflights(subject), closedTo(subject, foreign)];
  }
  return [
    ...subject.origins.flatMap((origin) => [preflightsOfOrigin(subject, origin), answersTo(subject, origin)]),
    ...othersThan(first).map((origin) => closedTo(subject, origin)),
  ];
}

/** Origins that a careless comparison would take for the configured one. */
const othersThan = (origin: string): readonly string[] => [
  foreign,
  'null',
  '*',
  `${origin},${foreign}`,
  `${foreign},${origin}`,
  `${origin}.verify.invalid`,
  origin.replace('://', '://verify.'),
  origin.replace('https:', 'http:').concat(':8443'),
  origin.toUpperCase(),
];

const preflightsOfOrigin = ({ client, operations }: Subject, origin: string): Check => ({
  name: `CORS: every route answers preflights of ${origin}`,
  // The denial, too: a preflight has no principal.
  standsFor: [statement('AllowUnsignedPreflights'), statement('DenyAllButUsersAndRoles'), preflightMethods],
  run: async () => {
    const faults = await inParallel(preflightsOf(operations), async (preflight) => {
      const sending = preflightOf(preflight.path, preflight.methods[0] ?? '', origin);
      const answer = await client.send(sending, undefined);
      const expected = { ...preflightHeaders(preflight), [allowOrigin]: origin };
      const right =
        answer.status === 204 &&
        answer.text === '' &&
        answer.headers['access-control-allow-credentials'] === undefined &&
        Object.entries(expected).every(([name, value]) => answer.headers[name] === value);
      return !right && withHeaders(sending, answer);
    });
    return verdict(...faults);
  },
});

/** Pages read what functions answer; what API Gateway answers by itself is checked with those answers. */
const answersTo = ({ client, longTerm }: Subject, origin: string): Check => ({
  name: `CORS: pages of ${origin} can read what functions answer`,
  standsFor: [corsOfFunctions],
  run: async () => {
    const sending = { method: 'GET', path: '/v1/me', headers: { origin } };
    const answer = await client.send(sending, longTerm);
    const right = answer.status === 200 && answer.headers[allowOrigin] === origin;
    return verdict(!right && withHeaders(sending, answer));
  },
});

/** If pages have no business here, nobody is answered who signs nothing. */
const noPreflights = ({ client, operations }: Subject): Check => ({
  name: 'CORS: no route answers preflights',
  standsFor: [statement('AllowUnsignedPreflights'), preflightMethods],
  run: async () => {
    const faults = await inParallel(operations, async ({ path, method }) => {
      const sending = preflightOf(path, method, foreign);
      const answer = await client.send(sending, undefined);
      return answer.status < 400 && !isLost(answer) && withHeaders(sending, answer);
    });
    return verdict(...faults);
  },
});

const closedTo = ({ client, operations, longTerm }: Subject, origin: string): Check => ({
  name: `CORS: nothing is open to pages of ${origin}`,
  standsFor: [preflightMethods, corsOfFunctions],
  run: async () => {
    const asked = operations.map(
      ({ path, method }) => [preflightOf(path, method, origin), undefined] as const,
    );
    const me: Sending = { method: 'GET', path: '/v1/me', headers: { origin } };
    const faults = await inParallel([...asked, [me, longTerm] as const], async ([sending, keys]) => {
      const answer = await client.send(sending, keys);
      return answer.headers[allowOrigin] !== undefined && !refuses(answer) && withHeaders(sending, answer);
    });
    return verdict(...faults);
  },
});

/** Refusals of API Gateway cannot be conditional: they name the first configured origin, whoever asks. */
const refuses = ({ status, headers }: Answer): boolean =>
  status === 403 && headers['x-request-id'] === undefined;

const preflightOf = (path: string, method: string, origin: string): Sending => ({
  method: 'OPTIONS',
  path: filled(path),
  headers: {
    origin,
    'access-control-request-method': method,
    'access-control-request-headers': 'authorization,x-amz-date,x-amz-security-token,content-type',
  },
});

function withHeaders(sending: Sending, answer: Answer): string {
  const headers = Object.entries(answer.headers).filter(([name]) => /^access-control-|^vary$/.test(name));
  const shown = headers.map(([name, value]) => `${name}: ${value}`).join('; ');
  return `${described({ ...sending, headers: {} }, answer)} (${shown || 'no CORS headers'})`;
}
