import { createServer } from 'node:http';
import { LocalClock } from '../../local-aws/clock.ts';
import { Gateway, type GatewayOptions } from '../../local-aws/gateway/gateway.ts';
import { restApiOf } from '../../local-aws/gateway/rest-api.ts';
import { Lambda } from '../../local-aws/lambda/lambda.ts';
import type { Credentials, PolicyDocument, Principal } from '../../local-aws/principal.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { fixtureOperations } from './fixtures/operations.ts';
import { resolvedTemplate } from './rest-api.ts';
import type { SigningKeys } from './sign.ts';

const accountId = '123456789012';
const expiredKey = 'ASIAEXPIRED000000001';

/** A caller in the gateway's tests: their keys and who they are. */
export interface TestCaller {
  readonly keys: SigningKeys;
  readonly principal: Principal;
}

/** A user with long-term keys, or with a session if one is given. */
export function testUser(session?: Principal['session']): TestCaller {
  const accessKeyId = session === undefined ? 'AKIATESTUSER00000001' : 'ASIATESTUSER00000001';
  return {
    keys: { accessKeyId, secretAccessKey: 'test-secret', ...(session && { sessionToken: 'test-token' }) },
    principal: {
      type: 'user',
      accountId,
      arn: `arn:aws:iam::${accountId}:user/team/tess`,
      userName: 'tess',
      userId: 'AIDATESTUSER00000001',
      accessKeyId,
      ...(session && { session }),
    },
  };
}

/** A role's session. */
export const testRole: TestCaller = {
  keys: { accessKeyId: 'ASIATESTROLE00000001', secretAccessKey: 'role-secret', sessionToken: 'role-token' },
  principal: {
    type: 'assumed-role',
    accountId,
    arn: `arn:aws:sts::${accountId}:assumed-role/helper/tess`,
    userId: 'AROATESTROLE00000001:tess',
    roleArn: `arn:aws:iam::${accountId}:role/helper`,
    accessKeyId: 'ASIATESTROLE00000001',
    session: { issuedAt: 0, expiresAt: Number.MAX_SAFE_INTEGER, policies: [] },
  },
};

/** Keys of an expired session. */
export const expiredKeys: SigningKeys = {
  accessKeyId: expiredKey,
  secretAccessKey: 'test-secret',
  sessionToken: 'old-token',
};

export const allowInvoke: PolicyDocument = {
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' },
};

export interface TestGateway {
  readonly url: string;
  readonly gateway: Gateway;
  readonly lambda: Lambda;
  readonly clock: LocalClock;
  close(): Promise<void>;
}

export interface TestGatewayOptions extends Partial<GatewayOptions> {
  /** Callers whose keys are known. */
  readonly callers: readonly TestCaller[];
  /** Policies of every caller. */
  readonly policies?: readonly PolicyDocument[];
  readonly functionTimeoutMs?: number;
}

/** A gateway over the fixture's routes, which all invoke the puppet. */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const { callers, policies = [allowInvoke], functionTimeoutMs = 15_000, ...overrides } = options;
  const clock = new LocalClock();
  const place = { region: 'us-east-1', accountId };
  const lambda = new Lambda({
    ...place,
    clock,
    functions: [
      {
        name: 'puppet',
        handlerUrl: new URL('./fixtures/puppet.ts', import.meta.url).href,
        timeoutMs: functionTimeoutMs,
        environment: () => ({ variables: {}, expiresAt: Number.MAX_SAFE_INTEGER }),
      },
    ],
  });
  const gateway = new Gateway({
    ...place,
    clock,
    api: restApiOf(resolvedTemplate(fixtureOperations)),
    invoke: (_, event) => lambda.invoke('puppet', event),
    credentials: credentialsOf(callers, policies),
    ...overrides,
  });
  const server = createServer(gateway.listener);
  const url = await listen(server, 0);
  const end = async () => {
    await close(server);
    await lambda.close();
  };
  return { url, gateway, lambda, clock, close: end };
}

function credentialsOf(callers: readonly TestCaller[], policies: readonly PolicyDocument[]): Credentials {
  return {
    resolve(accessKeyId, sessionToken) {
      if (accessKeyId === expiredKey) return { error: 'ExpiredToken' };
      const known = callers.find(
        ({ keys }) => keys.accessKeyId === accessKeyId && keys.sessionToken === sessionToken,
      );
      if (known === undefined) return { error: 'InvalidClientTokenId' };
      return { secretAccessKey: known.keys.secretAccessKey, principal: known.principal };
    },
    identityPoliciesOf: () => policies,
  };
}
