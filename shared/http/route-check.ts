import type { APIGatewayProxyEvent } from 'aws-lambda';
import { deploymentSettings } from '../config/deployment.ts';
import type { Caller, Principal } from '../contract/caller.ts';
import type { Operation } from '../contract/operation.ts';
import { Problem } from '../contract/problem.ts';

/**
 * Repeats, behind the gateway's policy, what the function can check itself: that the request came through the deployed
 * stage (a console test-invoke has passed no gate), and that its path is spelled like the route (the policy matches
 * paths by pattern, and a spelling that escapes the pattern must not get through).
 */
export function assertDeployedRoute(event: APIGatewayProxyEvent, operation: Operation): void {
  const { stage, apiId, path: gatewayPath } = event.requestContext;
  if (stage !== deploymentSettings().STAGE || apiId !== deploymentSettings().API_ID) {
    throw new Problem('access-denied', 'The request did not come through the deployed stage of this API.');
  }
  const route = operation.path.replace(/{(\w+)}/g, (_, name: string) => event.pathParameters?.[name] ?? '');
  const prefixes = ['', deploymentSettings().BASE_PATH, `/${stage}`];
  if (
    !isUnder(event.path, route, ['', deploymentSettings().BASE_PATH]) ||
    !isUnder(gatewayPath, route, prefixes)
  ) {
    throw new Problem(
      'route-not-found',
      `Spell the path exactly as ${operation.path}, without percent-encoding, doubled or trailing slashes, ` +
        'or dot segments.',
    );
  }
}

/** For the root, the prefix alone is also valid. */
const isUnder = (path: string, route: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => path === prefix + route || (route === '/' && prefix !== '' && path === prefix));

/** Keeps long-term keys from gated routes, whatever the gateway let through. */
export function assertGate(caller: Caller | Principal, operation: Operation): void {
  if (operation.gate === 'second-factor' && !caller.temporary) throw stepUpRequired();
}

export function stepUpRequired(): Problem {
  const maxAgeSeconds = deploymentSettings().STEP_UP_MAX_AGE;
  return new Problem(
    'step-up-required',
    `Sign this request with credentials of an STS session that you obtained with MFA in the last ${maxAgeSeconds} ` +
      'seconds: POST /v1/me/sessions gives you one.',
    { maxAgeSeconds },
  );
}
