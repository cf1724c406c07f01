import { join } from 'node:path';
import { Account } from './aws/account.ts';
import { createAwsEndpoint } from './aws/endpoint.ts';
import { Faults } from './aws/faults.ts';
import { type SeedPolicies, seedAccount } from './aws/seed.ts';
import type { TrailEvent } from './aws/trail.ts';
import { LocalClock } from './clock.ts';
import { type Deployed, type DeployOptions, deploy } from './cloudformation/deploy.ts';
import { deployIam } from './cloudformation/iam.ts';
import { controlPrefix, createControl } from './control.ts';
import { type ControlPlane, controlPlaneOf } from './control-plane/control-plane.ts';
import { deployment } from './deployment.ts';
import { startDynamoDb } from './dynamodb.ts';
import { lockFolder } from './folder-lock.ts';
import { type FunctionOptions, functionDefinitions } from './functions.ts';
import { Gateway, type RequestLine } from './gateway/gateway.ts';
import { restApiOf } from './gateway/rest-api.ts';
import { inspect } from './inspection.ts';
import { Lambda, type LogLine } from './lambda/lambda.ts';
import { Pending } from './lambda/pending.ts';
import { keepState } from './persisted-state.ts';
import { close, httpServer, listen } from './servers.ts';
import { Services } from './services.ts';

export interface LocalStackOptions extends DeployOptions, FunctionOptions {
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
  readonly deployed: Deployed;
  readonly controlPlane: ControlPlane;
  readonly clock: LocalClock;
  readonly account: Account;
  readonly faults: Faults;
  readonly gateway: Gateway;
  readonly lambda: Lambda;
  /** EventBridge, Secrets Manager and SES. */
  readonly services: Services;
  /** The environment of a function, by its name in the contracts, with new credentials. */
  environmentOf(name: string): Readonly<Record<string, string>>;
  /** Resolves when no asynchronous invocation, batch of audit lines or delivery is pending. */
  settled(): Promise<void>;
  /** Restores the seeded state and real time, and clears faults. */
  reset(): Promise<void>;
  /** Stops all servers and workers, and saves the state. */
  close(): Promise<void>;
}

/**
 * Deploys the product's template on 127.0.0.1. Throws an error that names what is wrong with the template, or PORT or
 * AWS_PORT if its port is in use.
 */
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
  const deployed = await deploy(options);
  const clock = new LocalClock();
  const faults = new Faults();
  const account = seededAccount(deployed, clock, options);
  if (onCall !== undefined) account.trail.onCall(onCall);
  const state = dataDir === undefined ? undefined : keepState(dataDir, account, clock);
  const save = async () => {
    state?.changed();
    await state?.saved();
  };
  await save();
  cleanUp.add(save);

  const path = dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') };
  const { table } = deployed;
  const dynamo = await startDynamoDb({ table, region: deployment.region, faults, account, ...path });
  cleanUp.add(() => dynamo.close());

  const awsServer = httpServer();
  cleanUp.add(() => close(awsServer));
  const awsUrl = await listen(awsServer, awsPort, 'AWS_PORT');

  const endpoints = { awsUrl, dynamoUrl: dynamo.url };
  const functions = functionDefinitions(deployed, account, endpoints, options);
  const functionOf = (code: string) => deployed.functions.find((candidate) => candidate.code === code);
  const pending = new Pending();
  const lambda = new Lambda({ ...deployment, clock, pending, functions, ...(onLog && { onLog }) });
  cleanUp.add(() => lambda.close());
  const controlPlane = controlPlaneOf(deployed);
  const services = new Services({ ...deployment, clock, pending, lambda, deployed, controlPlane });
  cleanUp.add(() => services.close());

  const gateway = createGateway({ deployed, account, clock, lambda }, options);
  const apiServer = httpServer(gateway.listener);
  cleanUp.add(() => close(apiServer));

  const reset = async () => {
    await services.reset();
    account.reset();
    clock.reset();
    faults.clear();
    Object.assign(controlPlane, controlPlaneOf(deployed));
    await dynamo.reset();
    await save();
  };
  const settled = () => services.settled();
  const control = createControl({
    ...{ clock, faults, reset, settled, keepTime: save },
    healthy: () => awsServer.listening && apiServer.listening,
    run: (code) => services.schedules.run(functionOf(code)?.name ?? code),
    recordedEvents: () => services.recordedEvents(),
    setListLag: (lagMs) => {
      account.devices.listed.lagMs = lagMs;
    },
    inspect: () => inspect(account, dynamo.items),
  });
  const { query, json, rest } = services;
  const aws = createAwsEndpoint({ account, clock, faults, query, json, rest, ...(state && { state }) });
  awsServer.on('request', (request, response) => {
    void (request.url?.startsWith(controlPrefix) ? control : aws)(request, response);
  });
  const apiUrl = await listen(apiServer, port, 'PORT');
  if (options.schedules) cleanUp.add(services.schedules.start());
  const environmentOf = (code: string) =>
    functions.find(({ name }) => name === functionOf(code)?.name)?.environment().variables ?? {};
  return {
    ...{ apiUrl, ...endpoints, deployed, controlPlane, clock, account, faults, gateway, lambda, services },
    ...{ environmentOf, settled, reset },
  };
}

function seededAccount(
  deployed: Deployed,
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
  deployIam(account, deployed.resolved);
  seedAccount(account, attachedPolicies(account, deployed));
  return account;
}

/** As the outputs of the template say who gets which policy. */
function attachedPolicies(account: Account, { resolved }: Deployed): SeedPolicies {
  const policyOf = (output: string) => account.managedPolicy(resolved.outputs[output] ?? output);
  return {
    selfServicePolicyArn: policyOf('SelfServicePolicyArn').arn,
    recoveryAgent: policyOf('RecoveryAgentPolicyArn').document,
    recoveryApprover: policyOf('RecoveryApproverPolicyArn').document,
    auditor: policyOf('AuditorPolicyArn').document,
  };
}

function createGateway(
  { deployed, account, clock, lambda }: Pick<LocalStack, 'deployed' | 'account' | 'clock' | 'lambda'>,
  { onRequest }: LocalStackOptions,
): Gateway {
  return new Gateway({
    ...deployment,
    api: restApiOf(deployed.resolved),
    clock,
    credentials: account,
    invoke: (name, event) => lambda.invoke(name, event),
    ...(onRequest && { onRequest }),
  });
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
