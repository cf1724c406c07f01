import { join } from 'node:path';
import { resolveTemplate } from '../infra/cloudformation/resolve.ts';
import type { ResolvedTemplate } from '../infra/cloudformation/template.ts';
import { newDeployment } from '../infra/template/deployments.ts';
import { serviceTemplate } from '../infra/template/service-template.ts';
import { loadOperations } from '../shared/contract/load-operations.ts';
import type { Operation } from '../shared/contract/operation.ts';
import { Account } from './aws/account.ts';
import { createAwsEndpoint } from './aws/endpoint.ts';
import { Faults } from './aws/faults.ts';
import { seedAccount } from './aws/seed.ts';
import type { TrailEvent } from './aws/trail.ts';
import { LocalClock } from './clock.ts';
import { controlPrefix, createControl } from './control.ts';
import {
  defaultStepUpMaxAge,
  deployment,
  deployRoles,
  type FunctionOptions,
  functionDefinitions,
  localFunctionName,
} from './deployment.ts';
import { startDynamoDb } from './dynamodb.ts';
import { lockFolder } from './folder-lock.ts';
import { Gateway, type RequestLine } from './gateway/gateway.ts';
import { restApiOf } from './gateway/rest-api.ts';
import { inspect } from './inspection.ts';
import { Lambda, type LogLine } from './lambda/lambda.ts';
import { Pending } from './lambda/pending.ts';
import { keepState } from './persisted-state.ts';
import { scheduledEvent, startSchedules } from './schedules.ts';
import { close, httpServer, listen } from './servers.ts';
import { Services } from './services.ts';

export interface LocalStackOptions extends FunctionOptions {
  /** Port of the API; 0 (default) for any free one. */
  readonly port?: number;
  /** Port of the AWS endpoint and the control API; 0 (default) for any free one. */
  readonly awsPort?: number;
  /** Folder in which the state survives restarts. */
  readonly dataDir?: string;
  /** Whether to run scheduled functions on schedule, by real time; otherwise only the control API runs them. */
  readonly schedules?: boolean;
  /** Milliseconds that IAM takes to generate a credential report; default 2 s. */
  readonly reportMakingMs?: number;
  /** Called with each call of AWS. */
  readonly onCall?: (call: TrailEvent) => void;
  readonly onLog?: (line: LogLine) => void;
  readonly onRequest?: (line: RequestLine) => void;
}

export interface LocalStack {
  readonly apiUrl: string;
  readonly awsUrl: string;
  readonly dynamoUrl: string;
  readonly clock: LocalClock;
  readonly account: Account;
  readonly faults: Faults;
  readonly gateway: Gateway;
  readonly lambda: Lambda;
  /** EventBridge, Secrets Manager and SES. */
  readonly services: Services;
  /** Resolves when no asynchronous invocation, batch of audit lines or delivery is pending. */
  settled(): Promise<void>;
  /** Restores the seeded state and real time, and clears faults. */
  reset(): Promise<void>;
  /** Stops all servers and workers, and saves the state. */
  close(): Promise<void>;
}

/** Starts the whole product on 127.0.0.1. Throws an error that names PORT or AWS_PORT if its port is in use. */
export async function startLocalStack(options: LocalStackOptions = {}): Promise<LocalStack> {
  const cleanUp = new CleanUp();
  try {
    const stack = await start(options, cleanUp);
    return { ...stack, close: () => cleanUp.run() };
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function start(options: LocalStackOptions, cleanUp: CleanUp): Promise<Omit<LocalStack, 'close'>> {
  const { port = 0, awsPort = 0, dataDir, onCall, onLog } = options;
  if (dataDir !== undefined) cleanUp.add(await lockFolder(dataDir));
  const operations = await loadOperations();
  const clock = new LocalClock();
  const faults = new Faults();
  const account = seededAccount(operations, clock, options);
  if (onCall !== undefined) account.trail.onCall(onCall);
  const state = dataDir === undefined ? undefined : keepState(dataDir, account, clock);
  // Once more, since the restored ones may come from older code.
  deployRoles(account, operations);
  const save = async () => {
    state?.changed();
    await state?.saved();
  };
  await save();
  cleanUp.add(save);

  const { region, tableName } = deployment;
  const path = dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') };
  const dynamo = await startDynamoDb({ tableName, region, faults, account, ...path });
  cleanUp.add(() => dynamo.close());

  const awsServer = httpServer();
  cleanUp.add(() => close(awsServer));
  const awsUrl = await listen(awsServer, awsPort, 'AWS_PORT');

  const endpoints = { awsUrl, dynamoUrl: dynamo.url };
  const functions = functionDefinitions(operations, account, endpoints, options);
  const pending = new Pending();
  const lambda = new Lambda({ ...deployment, clock, pending, functions, ...(onLog && { onLog }) });
  cleanUp.add(() => lambda.close());
  const services = new Services({ ...deployment, clock, pending, lambda });
  cleanUp.add(() => services.close());

  const gateway = createGateway({ operations, account, clock, lambda }, options);
  const apiServer = httpServer(gateway.listener);
  cleanUp.add(() => close(apiServer));

  const reset = async () => {
    await services.reset();
    account.reset();
    clock.reset();
    faults.clear();
    await dynamo.reset();
    await save();
  };
  const healthy = () => awsServer.listening && apiServer.listening;
  const run = (name: string) => runScheduled(lambda, name, clock.now());
  const recordedEvents = () => services.recordedEvents();
  const setListLag = (lagMs: number) => {
    account.devices.listed.lagMs = lagMs;
  };
  const settled = () => services.settled();
  const control = createControl({
    ...{ clock, faults, setListLag, healthy, keepTime: save, reset, run, recordedEvents, settled },
    inspect: () => inspect(account, dynamo.items),
  });
  const { json, rest } = services;
  const aws = createAwsEndpoint({ account, clock, faults, json, rest, ...(state && { state }) });
  awsServer.on('request', (request, response) => {
    void (request.url?.startsWith(controlPrefix) ? control : aws)(request, response);
  });
  const apiUrl = await listen(apiServer, port, 'PORT');
  if (options.schedules) {
    const invoke = (name: string) =>
      lambda.invokeAsync(localFunctionName(name), scheduledEvent(name, clock.now()));
    cleanUp.add(startSchedules(invoke));
  }
  return { apiUrl, ...endpoints, clock, account, faults, gateway, lambda, services, settled, reset };
}

/** Runs a scheduled function as its schedule would, but waits for it. Returns the error's text, if any. */
async function runScheduled(lambda: Lambda, name: string, now: number): Promise<string | undefined> {
  const outcome = await lambda.invoke(localFunctionName(name), scheduledEvent(name, now));
  return 'error' in outcome ? `${outcome.error.errorType}: ${outcome.error.errorMessage}` : undefined;
}

function seededAccount(
  operations: readonly Operation[],
  clock: LocalClock,
  { reportMakingMs }: LocalStackOptions,
): Account {
  const { accountId, region } = deployment;
  const account = new Account({
    clock,
    accountId,
    region,
    ...(reportMakingMs !== undefined && { reportMakingMs }),
  });
  seedAccount(account, deployRoles(account, operations));
  return account;
}

function createGateway(
  {
    operations,
    account,
    clock,
    lambda,
  }: {
    readonly operations: readonly Operation[];
    readonly account: Account;
    readonly clock: LocalClock;
    readonly lambda: Lambda;
  },
  { env = {}, onRequest }: LocalStackOptions,
): Gateway {
  const template = localTemplate(operations, {
    StepUpMaxAge: env['STEP_UP_MAX_AGE'] ?? String(defaultStepUpMaxAge),
    AllowedOrigins: env['ALLOWED_ORIGINS'] ?? '',
    // A machine of one's own limits itself.
    ThrottlingRateLimit: '10000',
    ThrottlingBurstLimit: '5000',
  });
  return new Gateway({
    ...deployment,
    api: restApiOf(template),
    clock,
    credentials: account,
    invoke: (name, event) => lambda.invoke(name, event),
    ...(onRequest && { onRequest }),
  });
}

/** The deployed template, resolved. */
function localTemplate(
  operations: readonly Operation[],
  parameters: Readonly<Record<string, string>>,
): ResolvedTemplate {
  const { accountId, region, partition, apiId, stage } = deployment;
  const code = (name: string) => ({ S3Bucket: 'local', S3Key: `${name}.zip` });
  return resolveTemplate(
    serviceTemplate(operations, { code, deployments: newDeployment('ApiGatewayDeployment') }),
    {
      parameters: { Stage: stage, ...parameters },
      place: {
        accountId,
        region,
        partition,
        urlSuffix: 'amazonaws.com',
        stackName: 'mfa-self-service',
        apiId,
      },
    },
  );
}

/** Runs clean-up steps, the latest first. */
class CleanUp {
  readonly #steps: (() => unknown)[] = [];

  add(step: () => unknown): void {
    this.#steps.push(step);
  }

  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}
