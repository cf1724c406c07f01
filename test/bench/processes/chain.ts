import { pathToFileURL } from 'node:url';
import middy from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { apiEvent, lambdaContext } from '../../support/api-event.ts';
import { interleave } from '../measure.ts';
import { heapAfterCollection } from './heap.ts';
import { inputFromParent, tellParent } from './parent.ts';

type Handler = (event: APIGatewayProxyEvent, context: Context) => Promise<APIGatewayProxyResult>;

export interface ChainInput {
  /** Folder of the bundles. */
  readonly directory: string;
  readonly rounds: number;
}

export interface ChainTold {
  /** Microseconds per call, by round. The last two write to the process's output; the others only build the line. */
  readonly samples: Readonly<
    Record<'list' | 'enable' | 'middyAlone' | 'listWritten' | 'writeAlone', readonly number[]>
  >;
  /** Bytes after 10,000 and after 100,000 calls. */
  readonly heap: readonly [number, number];
}

/** Calls timed together. */
const batch = 1000;

const { directory, rounds } = inputFromParent<ChainInput>();
const bundle: { list: Handler; enable: Handler } = await import(
  pathToFileURL(`${directory}/no-call/index.mjs`).href
);
const listEvent = apiEvent({ resource: '/v1/me/mfa-devices', path: '/v1/me/mfa-devices' });
const enableEvent = apiEvent({
  resource: '/v1/mfa-devices/{deviceId}/activation',
  path: '/v1/mfa-devices/phone/activation',
  httpMethod: 'PUT',
  pathParameters: { deviceId: 'phone' },
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ code1: '123456', code2: '654321' }),
});
const nothing = middy<APIGatewayProxyEvent, APIGatewayProxyResult>().handler(async () => ({
  statusCode: 200,
  body: '',
}));

const batchOf = (handler: Handler, event: APIGatewayProxyEvent) => async () => {
  const context = lambdaContext();
  const startedAt = performance.now();
  for (let call = 0; call < batch; call += 1) {
    const { statusCode, body } = await handler(event, context);
    if (statusCode !== 200) throw new Error(`Answered ${statusCode}: ${body}`);
  }
  return ((performance.now() - startedAt) * 1000) / batch;
};

const output = process.stdout;
const write = output.write.bind(output);
let line = '';
const dropped = (work: () => Promise<number>) => async () => {
  output.write = (text: string | Uint8Array) => {
    line = String(text);
    return true;
  };
  const micros = await work();
  output.write = write;
  return micros;
};
const writing: Handler = async () => {
  output.write(line);
  return { statusCode: 200, body: '' };
};

const contestants = {
  list: dropped(batchOf(bundle.list, listEvent)),
  enable: dropped(batchOf(bundle.enable, enableEvent)),
  middyAlone: batchOf(nothing, listEvent),
  listWritten: batchOf(bundle.list, listEvent),
  writeAlone: batchOf(writing, listEvent),
};
await interleave(contestants, 5);
const samples = await interleave(contestants, rounds);

const before = await heapAfterCollection();
for (let call = 10_000; call < 100_000; call += batch) await contestants.list();
tellParent({ samples, heap: [before, await heapAfterCollection()] });
