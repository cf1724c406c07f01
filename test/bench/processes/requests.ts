import { pathToFileURL } from 'node:url';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { seededAccessKeyId } from '../../../local-aws/aws/seed.ts';
import { deployment } from '../../../local-aws/deployment.ts';
import type { Caller } from '../../../shared/contract/caller.ts';
import { lambdaContext } from '../../support/api-event.ts';
import type { bareCalls } from '../entries/one-call.ts';
import { interleave, timed } from '../measure.ts';
import { rawCall } from '../raw-call.ts';
import { devicesEvent } from './devices-event.ts';
import { heapAfterCollection } from './heap.ts';
import { inputFromParent, tellParent } from './parent.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface RequestsInput {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly awsUrl: string;
  readonly userId: string;
  readonly rounds: number;
  /** Calls before the first heap measurement, and before the second. */
  readonly heapCalls: readonly [number, number];
}

export interface RequestsTold {
  /** Milliseconds. */
  readonly samples: Readonly<Record<'oneCall' | 'bareOne' | 'list' | 'bareBoth' | 'raw', readonly number[]>>;
  /** Bytes. */
  readonly heap: readonly [number, number];
}

const { directory, awsUrl, userId, rounds, heapCalls } = inputFromParent<RequestsInput>();
const caller: Caller = {
  partition: deployment.partition,
  accountId: deployment.accountId,
  userName: 'bob',
  userArn: `arn:aws:iam::${deployment.accountId}:user/bob`,
  userId,
  accessKeyId: seededAccessKeyId('bob'),
  temporary: false,
};
const event = devicesEvent(userId, deployment);

const load = (bundle: string) => import(pathToFileURL(`${directory}/${bundle}/index.mjs`).href);

/** Makes a request; throws if the answer is not the expected one. */
const requestOf = (handler: Handler) => async () => {
  const { statusCode, body } = await handler(event, lambdaContext());
  if (statusCode !== 200 || !body.includes('"phone"')) throw new Error(`Answered ${statusCode}: ${body}`);
};

const oneCallBundle: { handler: Handler; bareCalls: typeof bareCalls } = await load('one-call');
const listBundle: { handler: Handler } = await load('list-mfa-devices');
const bare = await oneCallBundle.bareCalls(caller);
const keys = { accessKeyId: seededAccessKeyId('admin'), secretAccessKey: 'local-admin-secret' };
const contestants = {
  oneCall: requestOf(oneCallBundle.handler),
  bareOne: bare.one,
  list: requestOf(listBundle.handler),
  bareBoth: bare.both,
  raw: rawCall(awsUrl, keys),
};
const measured = Object.fromEntries(
  Object.entries(contestants).map(([name, work]) => [name, () => timed(work)]),
);

await interleave(measured, Math.ceil(rounds / 4));
const samples = await interleave(measured, rounds);

const [early, late] = heapCalls;
for (let call = 0; call < early; call += 1) await contestants.list();
const before = await heapAfterCollection();
for (let call = early; call < late; call += 1) await contestants.list();
tellParent({ samples, heap: [before, await heapAfterCollection()] });
