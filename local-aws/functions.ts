import { functionSource } from '../infra/bundle/function-source.ts';
import type { Account } from './aws/account.ts';
import type { Deployed } from './cloudformation/deploy.ts';
import type { DeployedFunction } from './cloudformation/lambda.ts';
import type { Queue } from './cloudformation/sqs.ts';
import { deployment } from './deployment.ts';
import type { AsynchronousSettings } from './lambda/asynchronous.ts';
import type { FunctionDefinition } from './lambda/lambda.ts';
import { conditionContext } from './policy/context.ts';
import { decide } from './policy/evaluate.ts';
import type { Principal } from './principal.ts';

export interface FunctionOptions {
  /** Overrides for the functions' environment, for endpoints that are not the local AWS. */
  readonly env?: Readonly<Record<string, string>>;
  /** The module of a function, by its kebab-case name; its source by default. */
  readonly moduleOf?: (name: string) => URL | Promise<URL>;
}

export interface Endpoints {
  readonly awsUrl: string;
  readonly dynamoUrl: string;
}

/** Lifetime of a function's credentials, in seconds; its worker is replaced before they expire. */
const durationSeconds = 3600;

/** The template's functions for the local Lambda, each with credentials of its own role. */
export function functionDefinitions(
  { functions, queues }: Pick<Deployed, 'functions' | 'queues'>,
  account: Account,
  endpoints: Endpoints,
  { env = {}, moduleOf = functionSource }: FunctionOptions = {},
): readonly FunctionDefinition[] {
  return functions.map((deployed) => ({
    name: deployed.name,
    timeoutMs: deployed.timeoutSeconds * 1000,
    ...(deployed.reservedConcurrency !== undefined && { reservedConcurrency: deployed.reservedConcurrency }),
    asynchronous: asynchronousSettings(deployed, queues, account),
    memorySize: deployed.memoryMegabytes,
    handlerUrl: async () => (await moduleOf(deployed.code)).href,
    environment: () => {
      const keys = account.assumeRoleForService(deployed.roleName, deployed.name, { durationSeconds });
      return {
        expiresAt: keys.expiration.getTime(),
        variables: {
          ...deployed.variables,
          ...runtimeVariables(deployed),
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_SESSION_TOKEN: keys.sessionToken,
          ...endpointVariables(deployed, endpoints),
          ...env,
        },
      };
    },
  }));
}

const runtimeVariables = ({ name, memoryMegabytes }: DeployedFunction) => ({
  AWS_REGION: deployment.region,
  AWS_LAMBDA_FUNCTION_NAME: name,
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMegabytes),
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
});

/** Instead of AWS's own. Where the template names STS, it is the local one, and there is no other. */
const endpointVariables = ({ variables }: DeployedFunction, { awsUrl, dynamoUrl }: Endpoints) => ({
  AWS_ENDPOINT_URL: awsUrl,
  AWS_ENDPOINT_URL_DYNAMODB: dynamoUrl,
  ...('STS_ENDPOINT' in variables && { STS_ENDPOINT: awsUrl }),
  ...('STS_OTHER_ENDPOINTS' in variables && { STS_OTHER_ENDPOINTS: '' }),
});

/** Throws if failed events are to be sent to a queue that does not exist. */
function asynchronousSettings(
  deployed: DeployedFunction,
  queues: readonly Queue[],
  account: Account,
): AsynchronousSettings {
  const { onFailure, ...limits } = deployed.asynchronous;
  if (onFailure === undefined) return limits;
  const queue = queues.find(({ arn }) => arn === onFailure);
  if (queue === undefined) throw new Error(`${deployed.name}: there is no queue ${onFailure}`);
  const accepts = () => maySend(deployed, queue, account);
  return { ...limits, onFailure: { name: queue.name, accepts } };
}

/** Lambda sends what failed with the function's own role. */
function maySend({ name, roleName }: DeployedFunction, queue: Queue, account: Account): boolean {
  const role = account.roles.get(roleName);
  if (role === undefined) return false;
  const principal: Principal = {
    type: 'assumed-role',
    accountId: account.accountId,
    arn: account.assumedRoleArn(role, name),
    userId: `${role.roleId}:${name}`,
    roleArn: role.arn,
    accessKeyId: '',
  };
  const context = conditionContext(principal, { now: account.now(), secureTransport: true });
  const request = { action: 'sqs:SendMessage', resource: queue.arn, principal, context };
  const identity = account.identityPoliciesOf(principal);
  const decision = decide(request, { identity, ...(queue.policy && { resource: queue.policy }) });
  if (decision === 'allow') account.uses.note(request, identity);
  return decision === 'allow';
}
