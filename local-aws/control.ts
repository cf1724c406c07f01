import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import { scheduledFunctions } from '../shared/contract/background-functions.ts';
import { explain } from '../shared/lib/explain.ts';
import type { Faults } from './aws/faults.ts';
import type { LocalClock } from './clock.ts';
import { readBody } from './gateway/request.ts';

export interface ControlOptions {
  readonly clock: LocalClock;
  readonly faults: Faults;
  /** Makes IAM's lists of devices show changes some milliseconds late. */
  readonly setListLag: (lagMs: number) => void;
  /** Whether all servers are listening. */
  readonly healthy: () => boolean;
  /** Resolves once the clock's time is kept for a restart, if it is at all. */
  readonly keepTime: () => Promise<void>;
  /** Restores the seeded state. */
  readonly reset: () => Promise<void>;
  /** Runs a scheduled function as its schedule would, and returns the error's text if it fails. */
  readonly run: (scheduledFunction: string) => Promise<string | undefined>;
  /** The events, mails, notifications, deliveries and dead letters so far. */
  readonly recordedEvents: () => unknown;
  /** IAM's users and devices and the table's items, without secrets. */
  readonly inspect: () => Promise<unknown>;
  /** Resolves when nothing is under way in the background. */
  readonly settled: () => Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly json: unknown;
}

type Action = (body: unknown) => Reply | Promise<Reply>;

const tenYears = 315_576_000;

const clockBody = z.strictObject({ advanceSeconds: z.number().min(0).max(tenYears) });

const faultBody = z
  .strictObject({
    operation: z.string().regex(/^\w+$/, 'must be the name of an operation, such as EnableMFADevice'),
    error: z.string().min(1).optional(),
    delayMs: z.int().min(0).max(60_000).optional(),
    times: z.int().min(0).max(1_000_000).default(1),
  })
  .refine(({ error, delayMs, times }) => times === 0 || error !== undefined || delayMs !== undefined, {
    error: 'must have an "error", a "delayMs", or both',
  });

const listLagBody = z.strictObject({ lagMs: z.int().min(0).max(600_000) });

const runBody = z.strictObject({ function: z.enum(scheduledFunctions.map(({ name }) => name)) });

const bodyLimit = 16 * 1024;
const loopbackHost = /^(127\.0\.0\.1|localhost)(:\d+)?$/i;

/** The prefix of the control API's paths. */
export const controlPrefix = '/_local/';

/** Serves `/_local/` for tests and demos; the routes are in docs/tour.md. */
export function createControl(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const routes = actions(options);
  return async (request, response) => {
    const { status, json } = await reply(request, routes).catch(failed);
    if (!request.complete) response.setHeader('connection', 'close');
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(`${JSON.stringify(json)}\n`);
  };
}

function actions({
  clock,
  faults,
  setListLag,
  healthy,
  keepTime,
  reset,
  run,
  recordedEvents,
  inspect,
  settled,
}: ControlOptions): Readonly<Record<string, Action>> {
  const time = (): Reply => ok({ now: new Date(clock.now()).toISOString() });
  return {
    'GET /_local/health': () =>
      healthy() ? ok({ status: 'ok' }) : { status: 503, json: { status: 'starting' } },
    'GET /_local/events': () => ok(recordedEvents()),
    'GET /_local/clock': time,
    'POST /_local/clock': async (body) => {
      clock.advance(clockBody.parse(body).advanceSeconds);
      await keepTime();
      return time();
    },
    'POST /_local/faults': (body) => {
      const { error, delayMs, ...fault } = faultBody.parse(body);
      faults.put({
        ...fault,
        ...(error === undefined ? {} : { error }),
        ...(delayMs === undefined ? {} : { delayMs }),
      });
      return ok({});
    },
    'DELETE /_local/faults': () => {
      faults.clear();
      return ok({});
    },
    'POST /_local/list-lag': (body) => {
      setListLag(listLagBody.parse(body).lagMs);
      return ok({});
    },
    'POST /_local/run': async (body) => {
      const error = await run(runBody.parse(body).function);
      return error === undefined ? ok({}) : refused(502, error);
    },
    'POST /_local/settle': async () => {
      await settled();
      return ok({});
    },
    'GET /_local/state': async () => ok(await inspect()),
    'POST /_local/reset': async () => {
      await reset();
      return ok({});
    },
  };
}

async function reply(request: IncomingMessage, routes: Readonly<Record<string, Action>>): Promise<Reply> {
  if (!isLocal(request))
    return refused(403, 'Send this request from this machine, to 127.0.0.1 or localhost.');
  const [path = ''] = (request.url ?? '').split('?', 1);
  const action = routes[`${request.method} ${path}`];
  if (action === undefined) {
    const known = Object.keys(routes).some((route) => route.endsWith(` ${path}`));
    return known
      ? refused(405, 'Wrong method.')
      : refused(404, `Unknown route. The routes are: ${Object.keys(routes).join(', ')}`);
  }
  const body = await readBody(request, bodyLimit);
  return body === undefined ? refused(413, 'The body is too large.') : action(parseJson(body.toString()));
}

/** Web pages that the user visits must not control the stack, neither by DNS rebinding nor across origins. */
function isLocal({ headers: { host = '', origin } }: IncomingMessage): boolean {
  return (
    loopbackHost.test(host) && (origin === undefined || loopbackHost.test(origin.replace(/^https?:\/\//, '')))
  );
}

function parseJson(text: string): unknown {
  if (text.trim() === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new BadRequest('The body must be JSON.');
  }
}

class BadRequest extends Error {}

function failed(error: unknown): Reply {
  const status = error instanceof z.ZodError || error instanceof BadRequest ? 400 : 500;
  return refused(status, explain(error));
}

function ok(json: unknown): Reply {
  return { status: 200, json };
}

function refused(status: number, error: string): Reply {
  return { status, json: { error } };
}
