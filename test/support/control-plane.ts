import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Account } from '../../local-aws/aws/account.ts';
import { createAwsEndpoint } from '../../local-aws/aws/endpoint.ts';
import { Faults } from '../../local-aws/aws/faults.ts';
import { seedAccount } from '../../local-aws/aws/seed.ts';
import { apiGatewayOperations } from '../../local-aws/aws/services/api-gateway.ts';
import { cloudFormationOperations } from '../../local-aws/aws/services/cloudformation.ts';
import { lambdaConfigurationOperations } from '../../local-aws/aws/services/lambda-configurations.ts';
import { LocalClock } from '../../local-aws/clock.ts';
import { type DeployOptions, deploy } from '../../local-aws/cloudformation/deploy.ts';
import { type ControlPlane, controlPlaneOf } from '../../local-aws/control-plane/control-plane.ts';
import { deployment } from '../../local-aws/deployment.ts';
import type { SigningKeys } from './sign.ts';

const clock = new LocalClock();

/** A deployment that can be looked at and not be used, and the keys of somebody who has only the preflight's policy. */
export async function startControlPlane(options: DeployOptions = {}) {
  const deployed = await deploy(options);
  const plane: ControlPlane = controlPlaneOf(deployed);
  const account = new Account({ clock, accountId: deployment.accountId, region: deployment.region });
  seedAccount(account);
  const user = account.users.create({ userName: 'pipeline', path: '/', tags: [], now: clock.now() });
  const keys: SigningKeys = account.users.addAccessKey(user, clock.now());
  /** @param change of the policy's text */
  const allow = (change = (policy: string) => policy) => {
    user.inlinePolicies = [{ name: 'preflight', document: change(preflightPolicy) }];
    account.policiesChanged();
  };
  allow();
  const server = createServer(
    createAwsEndpoint({
      ...{ account, clock, faults: new Faults() },
      query: cloudFormationOperations(plane),
      rest: [...apiGatewayOperations(plane), ...lambdaConfigurationOperations(plane)],
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  const [stack] = plane.stacks;
  const [api] = plane.apis;
  if (stack === undefined || api === undefined) throw new Error('Nothing was deployed.');
  return {
    ...{ plane, stack, api, keys, allow, trail: account.trail },
    url: `http://127.0.0.1:${address.port}`,
    /** Undoes all changes. */
    reset() {
      const fresh = controlPlaneOf(deployed);
      Object.assign(stack, fresh.stacks[0]);
      Object.assign(api, fresh.apis[0]);
      Object.assign(plane, fresh, { stacks: [stack], apis: [api] });
      allow();
      account.trail.clear();
    },
    close: () => server.close(),
  };
}

export type TestControlPlane = Awaited<ReturnType<typeof startControlPlane>>;

const preflightPolicy = readFileSync(
  new URL('../../infra/deployer/preflight.json', import.meta.url),
  'utf8',
).replaceAll('111122223333', deployment.accountId);
