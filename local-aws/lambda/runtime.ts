import { parentPort, workerData } from 'node:worker_threads';
import type { Context } from 'aws-lambda';
import { LocalClock } from '../clock.ts';
import type { FunctionError, Invocation, WorkerMessage, WorkerSetup } from './messages.ts';

// Runs in a function's worker thread and does the work of Lambda's Node.js runtime, between its API and the handler.

type Handler = (event: unknown, context: Context) => unknown;

const setup: WorkerSetup = workerData;
// Before the handler's module loads, which is when shared/lib/clock.ts looks for it.
Object.assign(globalThis, { [Symbol.for('mfa-self-service.clock')]: new LocalClock(setup.clockMemory).now });

try {
  const handler = await loadHandler(setup.handlerUrl);
  parentPort?.on('message', (invocation: Invocation) => run(handler, invocation));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'init-error', error: describe(error) });
}

async function loadHandler(url: string): Promise<Handler> {
  const { handler } = await import(url);
  if (typeof handler !== 'function') throw new Error(`${url} does not export a function named handler`);
  return handler;
}

async function run(handler: Handler, invocation: Invocation): Promise<void> {
  const { id } = invocation;
  try {
    const result = await handler(JSON.parse(invocation.payload), contextOf(invocation));
    send({ kind: 'result', id, payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'error', id, error: describe(error) });
  }
  // Called back once the main thread has received everything written before.
  process.stdout.write('', () => send({ kind: 'written', id }));
}

function contextOf({ id, functionArn, deadline }: Invocation): Context {
  const { functionName, memorySize } = setup;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memorySize),
    awsRequestId: id,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: noCallbacks,
    fail: noCallbacks,
    succeed: noCallbacks,
  };
}

function noCallbacks(): never {
  throw new Error('The nodejs24.x runtime has no callbacks: return a promise');
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: (error.stack ?? '').split('\n').map((line) => line.trim()),
  };
}

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}
