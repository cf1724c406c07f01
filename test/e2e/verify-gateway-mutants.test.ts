import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResolvedTemplate } from '../../infra/cloudformation/template.ts';
import type { PolicyDocument, Statement } from '../../infra/policies/policy-document.ts';
import { gatewayResponseTypes, logicalId } from '../../infra/template/gateway-responses.ts';
import { apiPermissionId, apiResourceId, methodId } from '../../infra/template/logical-ids.ts';
import { preflightsOf } from '../../infra/template/preflight.ts';
import {
  authorization,
  binaryAnswers,
  corsOfFunctions,
  functionOf,
  gatewayResponse,
  preflightMethods,
  statement,
  type Target,
} from '../../infra/verify/targets.ts';
import { deploy } from '../../local-aws/cloudformation/deploy.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { type GatewayChanges, policyIn, restApiId, withPolicy } from '../support/gateway-in-front.ts';
import { replacing, rewritten, withoutParts } from '../support/mutants.ts';
import { MutationRuns, origins } from '../support/mutation-run.ts';
import { withoutResources, withProperties } from '../support/rest-api.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { unseenResponses, unseenStatements } from '../support/verify-unseen.ts';

const operations = await loadOperations();
const parameters = { AllowedOrigins: origins.join() };
const { resolved: template } = await deploy({ parameters });
const policy = policyIn(template);
const statements = [policy.Statement].flat();

let stack: TestStack;
let runs: MutationRuns;
beforeAll(async () => {
  stack = await startTestStack({ parameters });
  runs = new MutationRuns(stack);
});
afterAll(() => stack.close());

const isNamed = (target: Target, behind: GatewayChanges) => runs.name(target, { behind });
const isNamedUnder = (sid: string, mutated: PolicyDocument) =>
  isNamed(statement(sid), { template: withPolicy(template, mutated) });

/** Without the resources that the paths of a segment match. */
const withoutSegment =
  (end: string) =>
  (written: Statement): Statement => ({
    ...written,
    Resource: [written.Resource ?? []].flat().filter((resource) => !resource.endsWith(end)),
  });

const gated = [
  ...new Set(statements.flatMap(({ Sid, Resource }) => (Sid?.startsWith('DenyUsers') ? Resource : []))),
]
  .filter((resource) => typeof resource === 'string')
  .map((resource) => resource.slice(resource.indexOf('/v1/')));

describe('of the resource policy, verification names', () => {
  it.each(statements.map(({ Sid = '' }) => [Sid]))('%s, without it or one of its resources', async (sid) => {
    const unseen: string[] = [];
    for (const { what, policy: mutated } of withoutParts(policy)) {
      if (!what.startsWith(`${sid}:`)) continue;
      if (!(await isNamedUnder(sid, mutated)))
        unseen.push(what.replace(/without execute-api.*/, 'without each of its resources'));
    }
    const known = Object.keys(unseenStatements).filter((what) => /: (removed|without)/.test(what));
    expect([...new Set(unseen)]).toEqual(known.filter((what) => what.startsWith(`${sid}:`)));
  });

  it.each<[string, string, (written: Statement) => Statement | undefined]>([
    ['without MFA and its age', 'DenyUsers', () => undefined],
    ['for roles instead of users', 'DenyUsers', replacing('"User"', '"AssumedRole"')],
    [
      'for roles too',
      'DenyUsersWithOldMfa',
      replacing('"aws:PrincipalType":"User"', '"aws:PrincipalType":["User","AssumedRole"]'),
    ],
    ['for keys that are there only', 'DenyUsers', replacing('IfExists', '')],
    ['for an age ten times as high', 'DenyUsersWithOldMfa', replacing('"900"', '"9000"')],
    ['for young sessions', 'DenyUsersWithOldMfa', replacing('GreaterThan', 'LessThan')],
    ['for one method only', 'DenyUsers', replacing('/*/*/', '/*/GET/')],
    [
      'but for federated users',
      'DenyAllBut',
      replacing('["User","AssumedRole"]', '["User","AssumedRole","FederatedUser"]'),
    ],
    [
      'for preflights too',
      'DenyAllBut',
      ({ Condition, ...written }) => ({
        ...written,
        Condition: { StringNotEquals: Condition?.['StringNotEquals'] ?? {} },
      }),
    ],
    ['for every route', 'AllowAnonymous', (written) => ({ ...written, Resource: ['execute-api:/local/*'] })],
    ...gated.map((end): [string, string, (written: Statement) => Statement] => [
      `for ${end}`,
      'DenyUsers',
      withoutSegment(end),
    ]),
  ])('a denial or permission %s', async (_, sid, rewrite) => {
    const mutated = rewritten(policy, sid, rewrite);
    const sids = statements.flatMap(({ Sid = '' }) => (Sid.startsWith(sid) ? [Sid] : []));
    const named = await Promise.all(sids.map((one) => isNamedUnder(one, mutated)));
    expect(named).toContain(true);
  });

  it.each([
    ['DenyUsersWithoutMfa: Bool instead of BoolIfExists', 'BoolIfExists', 'Bool'],
    [
      'DenyUsersWithOldMfa: NumericGreaterThan instead of NumericGreaterThanIfExists',
      'NumericGreaterThanIfExists',
      'NumericGreaterThan',
    ],
  ])('neither statement where the other holds: %s', async (what, from, to) => {
    const sid = what.replace(/:.*/, '');
    expect(await isNamedUnder(sid, rewritten(policy, sid, replacing(from, to)))).toBe(false);
    expect(unseenStatements).toHaveProperty([what]);
  });
});

describe('of the answers of API Gateway, verification names', () => {
  const isVisible = (type: string) => !(type in unseenResponses);
  const members = ['code', 'detail', 'status', 'requestId', 'type'];

  /** The template with a part of the response taken out, and what that is. */
  function mutantsOf(type: (typeof gatewayResponseTypes)[number]): readonly [string, ResolvedTemplate][] {
    const id = logicalId(type);
    const properties = template.resources[id]?.properties ?? {};
    const parameters: Readonly<Record<string, string>> = Object(properties['ResponseParameters']);
    const body = JSON.stringify(properties['ResponseTemplates']);
    const stated = [...members, ...(type === 'ACCESS_DENIED' ? ['maxAgeSeconds'] : [])];
    return [
      ['all of it', withoutResources(template, id)],
      ['its status', withProperties(template, id, { StatusCode: '418' })],
      ...Object.keys(parameters).map((name): [string, ResolvedTemplate] => {
        const { [name]: _, ...ResponseParameters } = parameters;
        return [name, withProperties(template, id, { ResponseParameters })];
      }),
      ...stated.map((member): [string, ResolvedTemplate] => {
        const ResponseTemplates = JSON.parse(body.replace(`\\"${member}\\"`, `\\"x-${member}\\"`));
        return [member, withProperties(template, id, { ResponseTemplates })];
      }),
    ];
  }

  it.each(gatewayResponseTypes.filter(isVisible))('each part of %s', async (type) => {
    for (const [part, mutated] of mutantsOf(type)) {
      expect([part, await isNamed(gatewayResponse(type), { template: mutated })]).toEqual([part, true]);
    }
  });

  it.each(gatewayResponseTypes.filter((type) => !isVisible(type)))('nothing of %s', async (type) => {
    const mutated = withoutResources(template, logicalId(type));
    expect(await isNamed(gatewayResponse(type), { template: mutated })).toBe(false);
  });
});

describe('of the API, verification names', () => {
  it.each(operations)('$name, if its method or its permission is missing', async ({ name, path, method }) => {
    for (const id of [methodId(path, method), apiPermissionId(name)]) {
      const mutated = withoutResources(template, id);
      expect([id, await isNamed(functionOf(name), { template: mutated })]).toEqual([id, true]);
    }
  });

  it.each(operations.filter(({ gate }) => gate !== 'anonymous'))(
    '$name without authorization',
    async ({ path, method }) => {
      const mutated = withProperties(template, methodId(path, method), { AuthorizationType: 'NONE' });
      expect(await isNamed(authorization, { template: mutated })).toBe(true);
    },
  );

  it('pictures that are not decoded', async () => {
    const mutated = withProperties(template, restApiId, { BinaryMediaTypes: [] });
    expect(await runs.name(binaryAnswers, { behind: { template: mutated }, smoke: true })).toBe(true);
  });
});

describe('of what pages may do, verification names', () => {
  const paths = preflightsOf(operations).map(({ path }) => path);
  const preflightId = (path: string) => `${apiResourceId(path)}Preflight`;
  const isPreflightNamed = (mutated: ResolvedTemplate) => isNamed(preflightMethods, { template: mutated });

  it.each(paths)('a missing preflight of %s', async (path) => {
    expect(await isPreflightNamed(withoutResources(template, preflightId(path)))).toBe(true);
  });

  it('a missing header of a preflight', async () => {
    const id = preflightId('/v1/mfa-devices');
    const Integration = Object(template.resources[id]?.properties['Integration']);
    const [response] = Integration.IntegrationResponses;
    for (const name of Object.keys(response.ResponseParameters)) {
      const { [name]: _, ...ResponseParameters } = response.ResponseParameters;
      const IntegrationResponses = [{ ...response, ResponseParameters }];
      const mutated = withProperties(template, id, { Integration: { ...Integration, IntegrationResponses } });
      expect([name, await isPreflightNamed(mutated)]).toEqual([name, true]);
    }
  });

  it.each([
    ['another', 'https://elsewhere.example.com'],
    ['every page', [...origins, 'https://verify.invalid'].join()],
    ['an origin in another case', origins.join().toUpperCase()],
  ])('preflights that allow %s', async (_, allowedOrigins) => {
    const mutated = withProperties(template, 'ApiGatewayStage', { Variables: { allowedOrigins } });
    expect(await isPreflightNamed(mutated)).toBe(true);
  });

  it('functions whose answers pages cannot read, or every page can', async () => {
    for (const allowed of [undefined, '*']) {
      const invoke: GatewayChanges['invoke'] = async (name, event) => {
        const outcome = await stack.lambda.invoke(name, event);
        if ('error' in outcome) return outcome;
        const result = JSON.parse(outcome.payload);
        const headers = { ...result.headers, 'access-control-allow-origin': allowed };
        return { payload: JSON.stringify({ ...result, headers }) };
      };
      expect(await isNamed(corsOfFunctions, { invoke })).toBe(true);
    }
  });
});
