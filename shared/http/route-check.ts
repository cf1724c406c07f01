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
  const { STAGE, API_ID, BASE_PATH } = deploymentSettings();
  if (stage !== STAGE || apiId !== API_ID) {
    throw new Problem('access-denied', 'The request did not come through the deployed stage of this API.');
  }
  const parameters = event.pathParameters ?? {};
  const route = operation.path.replace(/{(\w+)}/g, (_, name: string) => parameters[name] ?? '');
  // Whoever maps a custom domain to the API without a stage has the stage in the path.
  const prefixes = ['', BASE_PATH, `/${stage}`, `${BASE_PATH}/${stage}`];
  const isRoute = [event.path, gatewayPath].every((path) => isUnder(path, route, prefixes));
  if (!isRoute || Object.values(parameters).some(isRespelled)) {
    throw new Problem(
      'route-not-found',
      `Spell the path exactly as ${operation.path}, without doubled or trailing slashes or dot segments. ` +
        'Percent-encode nothing but characters that need it, and no slashes.',
    );
  }
}

/** For the root, the prefix alone is also valid. */
const isUnder = (path: string, route: string, prefixes: readonly string[]) =>
  prefixes.some((prefix) => path === prefix + route || (route === '/' && prefix !== '' && path === prefix));

/**
 * REST APIs hand path parameters over percent-encoded, as sent. Clients encode what URLs reserve, such as `@`; whoever
 * encodes letters, slashes or an encoding itself wants the policy to see another path than the function.
 */
function isRespelled(parameter: string | undefined): boolean {
  const encoded = [...(parameter ?? '').matchAll(/%([\da-f]{2})/gi)].map(([, code = '']) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return (
    /^\.{1,2}$|[/\\]/.test(parameter ?? '') || encoded.some((character) => /[\w.~%/\\-]/.test(character))
  );
}

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
