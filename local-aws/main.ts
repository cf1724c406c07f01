import { inspect, styleText } from 'node:util';
import * as z from 'zod';
import { parameterValuesOf } from '../infra/template/settings.ts';
import { explain } from '../shared/lib/explain.ts';
import { bundledModules } from './bundled-modules.ts';
import { deployment } from './deployment.ts';
import type { RequestLine } from './gateway/gateway.ts';
import { Journal } from './journal.ts';
import type { LogLine } from './lambda/lambda.ts';
import { defaultPorts, portNumber } from './ports.ts';
import { type LocalStack, startLocalStack } from './stack.ts';
import { welcome } from './welcome.ts';

const origins = z.string().superRefine((list, context) => {
  try {
    parameterValuesOf(deployment.stage, { allowedOrigins: list });
  } catch (error) {
    // The message begins with the setting's name in a deployment.
    context.addIssue(explain(error).replace(/^allowedOrigins:? /, ''));
  }
});

const settings = z.object({
  PORT: portNumber.default(defaultPorts.api),
  AWS_PORT: portNumber.default(defaultPorts.aws),
  /** Folder of the state; without it, state is kept in memory. */
  DATA_DIR: z.string().min(1, 'must name a folder').optional(),
  /** Origins whose pages may call the API, separated by commas; none by default. */
  ALLOWED_ORIGINS: origins.default(''),
  /** File to which all calls of AWS and all lines of functions are appended. */
  JOURNAL: z.string().min(1, 'must name a file').optional(),
});

const logEntry = z.looseObject({ level: z.string(), message: z.string() });

async function main(): Promise<void> {
  // The table keeps small buffers, each of which would keep the pool of 64 kB that it was taken from.
  Buffer.poolSize = 0;
  const { PORT, AWS_PORT, DATA_DIR, ALLOWED_ORIGINS, JOURNAL } = settings.parse(process.env);
  const journal = JOURNAL === undefined ? undefined : new Journal(JOURNAL);
  const moduleOf = bundledModules();
  const stack = await startLocalStack({
    port: PORT,
    awsPort: AWS_PORT,
    moduleOf,
    ...(DATA_DIR === undefined ? {} : { dataDir: DATA_DIR }),
    parameters: { AllowedOrigins: ALLOWED_ORIGINS },
    schedules: true,
    onRequest: printRequest,
    onLog(line) {
      journal?.log(line);
      printErrors(line);
    },
    ...(journal && { onCall: journal.call }),
  });
  endOnSignal(stack);
  console.log(welcome(stack, DATA_DIR));
  // Spares the first request the wait.
  await moduleOf('get-me').catch((error: unknown) => console.error(explain(error)));
}

/** `styleText` omits colours if the output does not support them. */
function printRequest({ method, path, status, ms }: RequestLine): void {
  const colour = status < 400 ? 'green' : status < 500 ? 'yellow' : 'red';
  console.log(`${method.padEnd(6)} ${path}  ${styleText(colour, String(status))}  ${Math.round(ms)} ms`);
}

/** Prints only warnings and errors from the functions' structured logs. */
function printErrors({ functionName, stream, line }: LogLine): void {
  const entry = logEntry.safeParse(parseJson(line)).data;
  if (entry === undefined) {
    if (stream !== 'stdout') console.error(`  ${functionName}: ${line}`);
  } else if (entry.level !== 'INFO' && entry.level !== 'DEBUG') {
    const { level, message, timestamp: _, service: __, sampling_rate: ___, ...rest } = entry;
    console.error(`  ${functionName}: ${level} ${message} ${inspect(rest, { depth: 6, breakLength: 110 })}`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function endOnSignal(stack: LocalStack): void {
  let closing = false;
  const end = () => {
    if (closing) return;
    closing = true;
    stack.close().then(() => process.exit(0), fail);
  };
  process.on('SIGINT', end);
  process.on('SIGTERM', end);
}

function fail(error: unknown): void {
  console.error(explain(error));
  process.exit(1);
}

main().catch(fail);
