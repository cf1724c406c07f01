import { describe, expect, it } from 'vitest';
import type { LiveApi, LiveMethod, LiveStage } from '../../../local-aws/control-plane/live-api.ts';
import { localFunctionName } from '../../../local-aws/deployment.ts';
import { preflightOfLocalAws } from '../../support/preflight.ts';

const deployed = preflightOfLocalAws();
const { faults } = deployed;

const methodOf = ({ resources }: LiveApi, path: string, method: string): LiveMethod => {
  const found = resources.find((resource) => resource.path === path)?.resourceMethods[method];
  if (found === undefined) throw new Error(`There is no ${method} ${path}`);
  return found;
};

describe('the methods', () => {
  it.each<[string, (api: LiveApi) => void, RegExp]>([
    [
      'authorization',
      (api) => Object.assign(methodOf(api, '/v1/mfa-devices', 'POST'), { authorizationType: 'NONE' }),
      /POST \/v1\/mfa-devices: authorizationType is NONE, not AWS_IAM/,
    ],
    [
      'the function',
      (api) => {
        const { methodIntegration } = methodOf(api, '/v1/me', 'GET');
        methodIntegration['uri'] = String(methodIntegration['uri']).replace('get-me', 'another');
      },
      /GET \/v1\/me: uri differs/,
    ],
    [
      'credentials of the caller',
      (api) =>
        Object.assign(methodOf(api, '/v1/me', 'GET').methodIntegration, {
          credentials: 'arn:aws:iam::*:user/*',
        }),
      /GET \/v1\/me: credentials is arn:aws:iam::\*:user\/\*, not empty/,
    ],
    [
      'a mock in place of the function',
      (api) => Object.assign(methodOf(api, '/v1/me', 'GET').methodIntegration, { type: 'MOCK' }),
      /GET \/v1\/me: type of integration is MOCK, not AWS_PROXY/,
    ],
    [
      'what preflights are answered',
      (api) => {
        const { methodIntegration } = methodOf(api, '/v1/me', 'OPTIONS');
        const { 204: response } = structuredClone(Object(methodIntegration['integrationResponses']));
        response.responseParameters['method.response.header.access-control-allow-origin'] = "'*'";
        methodIntegration['integrationResponses'] = { 204: response };
      },
      /OPTIONS \/v1\/me: responses differs/,
    ],
    [
      'an added method',
      ({ resources }) => {
        const resource = resources.find(({ path }) => path === '/v1/me');
        const method = resource?.resourceMethods['GET'];
        if (resource !== undefined && method !== undefined) resource.resourceMethods['DELETE'] = method;
      },
      /DELETE \/v1\/me was added/,
    ],
    [
      'a removed method',
      ({ resources }) => {
        for (const resource of resources) if (resource.path === '/v1/me') resource.resourceMethods = {};
      },
      /GET \/v1\/me was removed/,
    ],
  ])('are told to differ in %s', async (_, edit, expected) => {
    edit(deployed.local.api);
    const found = await faults();
    expect(found).toEqual([expect.stringMatching(/^differs +methods\n/)]);
    expect(found[0]).toMatch(expected);
  });
});

const stageOf = ({ stages }: LiveApi): LiveStage => {
  const [live] = stages;
  if (live === undefined) throw new Error('There is no stage.');
  return live;
};

describe('the rest of the API', () => {
  it.each<[string, (api: LiveApi) => void, RegExp]>([
    [
      'another body of a gateway response',
      ({ gatewayResponses: [first] }) =>
        Object.assign(first ?? {}, { responseTemplates: { 'application/json': '{}' } }),
      /^differs +gateway responses\n.*: templates differs/,
    ],
    [
      'a gateway response that was reset',
      ({ gatewayResponses: [first] }) => Object.assign(first ?? {}, { defaultResponse: true }),
      /^differs +gateway responses\n +\w+ was removed/,
    ],
    [
      'a gateway response that the template lacks',
      ({ gatewayResponses }) => Object.assign(gatewayResponses.at(-1) ?? {}, { defaultResponse: false }),
      /^differs +gateway responses\n +\w+ was added/,
    ],
    [
      'a deployment by hand',
      (api) => Object.assign(stageOf(api), { deploymentId: 'byhand' }),
      /^differs +served deployment\n.*serves byhand, not \w+.*by hand(.*\n)*.*update-stage/,
    ],
    [
      'no stage',
      (api) => {
        api.stages = [];
      },
      /^missing +served deployment\n/,
    ],
    [
      'other origins',
      (api) => Object.assign(stageOf(api), { variables: { allowedOrigins: 'https://evil.example' } }),
      /^differs +stage settings\n.*variables is .*evil/,
    ],
    [
      'recorded bodies',
      (api) => Object.assign(stageOf(api).methodSettings['*/*'] ?? {}, { dataTraceEnabled: true }),
      /^differs +stage settings\n.*dataTraceEnabled is true, not false/,
    ],
    [
      'recorded bodies of one method',
      (api) => {
        stageOf(api).methodSettings['~1v1~1me/GET'] = { dataTraceEnabled: true };
      },
      /^differs +stage settings\n.*~1v1~1me\/GET were added/,
    ],
    [
      'no access log',
      (api) => {
        delete stageOf(api).accessLogSettings;
      },
      /^differs +stage settings\n.*access log/,
    ],
    [
      'other limits, which are no fault',
      (api) => Object.assign(stageOf(api).methodSettings['*/*'] ?? {}, { throttlingRateLimit: 10 }),
      /^changes +stage settings\n.*throttlingRateLimit is 10, not 1000000/,
    ],
    [
      'other media types',
      (api) => {
        api.binaryMediaTypes = ['*/*'];
      },
      /^differs +API\n.*binary media types: \*\/\*, not image\/png/,
    ],
  ])('is told to have %s', async (_, edit, expected) => {
    edit(deployed.local.api);
    expect(await faults()).toEqual([expect.stringMatching(expected)]);
  });
});

describe('the functions', () => {
  const name = localFunctionName('get-me');
  const getMe = () => {
    const found = deployed.local.plane.functions.find(({ FunctionName }) => FunctionName === name);
    if (found === undefined) throw new Error(`There is no ${name}`);
    return found;
  };

  it.each<[string, () => void, RegExp]>([
    [
      'another role',
      () => {
        getMe().Role = 'arn:aws:iam::123456789012:role/admin';
      },
      /get-me: role is arn:aws:iam::123456789012:role\/admin, not /,
    ],
    [
      'another handler',
      () => {
        getMe().Handler = 'index.evil';
      },
      /get-me: handler is index\.evil/,
    ],
    [
      'a layer',
      () => {
        getMe().Layers = [{ Arn: 'arn:aws:lambda:us-east-1:210987654321:layer:x:1' }];
      },
      /get-me: layers is .*layer:x:1/,
    ],
    [
      'a changed variable',
      () => {
        getMe().Environment.Variables['STEP_UP_MAX_AGE'] = '90000';
      },
      /get-me: the environment variable STEP_UP_MAX_AGE was changed/,
    ],
    [
      'an added variable',
      () => {
        getMe().Environment.Variables['NODE_OPTIONS'] = '--import=x';
      },
      /get-me: the environment variable NODE_OPTIONS was added/,
    ],
    [
      'a removed variable',
      () => {
        delete getMe().Environment.Variables['STAGE'];
      },
      /get-me: the environment variable STAGE was removed/,
    ],
    [
      'nothing at all',
      () => {
        deployed.local.plane.functions = deployed.local.plane.functions.filter(
          (lambda) => lambda !== getMe(),
        );
      },
      /get-me was removed/,
    ],
  ])('are told to have %s', async (_, edit, expected) => {
    edit();
    const found = await faults();
    expect(found).toEqual([expect.stringMatching(/^differs +functions\n/)]);
    expect(found[0]).toMatch(expected);
  });
});
