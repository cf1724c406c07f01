import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { newDeployment } from '../../infra/template/deployments.ts';
import { functionId } from '../../infra/template/logical-ids.ts';
import { serviceTemplate } from '../../infra/template/service-template.ts';
import { parameterValuesOf } from '../../infra/template/settings.ts';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { packageService } from './package-service.ts';

const operations = await loadOperations();
const functions = [...operations, ...backgroundFunctions].map(({ name }) => name);
const bucket = ['ServerlessDeploymentBucket', 'ServerlessDeploymentBucketPolicy'];

const settings = {
  stepUpMaxAge: 600,
  allowRemovingLastDevice: true,
  allowedOrigins: ['https://portal.example.com', 'http://localhost:5173'],
  ticketing: { jira: { outcomeUrl: 'https://tickets.example.com/mfa' } },
  noticeSender: 'Help desk <mfa@example.com>',
  reservedConcurrency: '',
};
const file = `
# Comments are allowed.
stepUpMaxAge: 600
allowRemovingLastDevice: true
allowedOrigins:
  - https://portal.example.com
  - http://localhost:5173
ticketing:
  jira:
    outcomeUrl: https://tickets.example.com/mfa
noticeSender: Help desk <mfa@example.com>
reservedConcurrency: ''
`;

describe('what osls packages', () => {
  const packaged = packageService(functions, { 'live.yml': file }, '--stage=live', '--region=eu-west-1');
  const { createStack, updateStack, stackParameters } = packaged;

  it('is the template of the service with the bucket of its code, and nothing else', () => {
    const { Resources } = updateStack;
    const [deployment = ''] = Object.keys(Resources).filter((id) => /^ApiGatewayDeployment\d+$/.test(id));
    const Code = (name: string) => Object(Resources[functionId(name)]?.Properties?.['Code']);
    const expected = serviceTemplate(operations, { code: Code, deployments: newDeployment(deployment) });
    const { ServerlessDeploymentBucketName, ...outputs } = updateStack.Outputs;
    expect({
      ...updateStack,
      Resources: Object.fromEntries(Object.entries(Resources).filter(([id]) => !bucket.includes(id))),
      Outputs: outputs,
    }).toEqual(JSON.parse(JSON.stringify(expected)));
    expect(Object.keys(Resources)).toEqual(expect.arrayContaining(bucket));
    expect(ServerlessDeploymentBucketName?.Value).toEqual({ Ref: 'ServerlessDeploymentBucket' });
    for (const name of functions) {
      expect(Code(name)).toEqual({
        S3Bucket: { Ref: 'ServerlessDeploymentBucket' },
        S3Key: expect.stringMatching(new RegExp(`/mfa-self-service/live/.+/${name}\\.zip$`)),
      });
    }
  });

  it('has a deployment of the API that no earlier package had', () => {
    const id = Object.keys(updateStack.Resources).find((each) => /^ApiGatewayDeployment\d+$/.test(each));
    const made = Number(id?.slice('ApiGatewayDeployment'.length));
    expect(Math.abs(Date.now() - made)).toBeLessThan(600_000);
  });

  it('is deployed with the settings of the stage’s file, and the default of every other', () => {
    const passed = stackParameters.map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]);
    expect(Object.fromEntries(passed)).toEqual(parameterValuesOf('live', settings));
  });

  it('begins with a stack that has nothing but the bucket, and takes the same parameters', () => {
    expect(Object.keys(createStack.Resources)).toEqual(bucket);
    expect(createStack.Parameters).toEqual(updateStack.Parameters);
    const keys = stackParameters.map(({ ParameterKey }) => ParameterKey);
    expect(Object.keys(createStack.Parameters)).toEqual(keys);
  });
});

describe('a deployment', () => {
  it.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['without a file for the stage', {}, [], 'config/live.yml is missing or empty'],
    ['with an unknown setting', { 'live.yml': 'stepupMaxAge: 60' }, [], 'no setting named stepupMaxAge'],
    [
      'with an invalid one',
      { 'live.yml': 'stepUpMaxAge: 1' },
      [],
      'config/live.yml is not valid.\nstepUpMaxAge',
    ],
    [
      'with settings on the command line',
      { 'live.yml': '{}' },
      ['--param=stepUpMaxAge=600'],
      'Put settings into config/live.yml: --param is not used.',
    ],
  ])('is refused %s', (_, config, options, message) => {
    expect(() => packageService([], config, '--stage=live', ...options)).toThrow(message);
  });
});

it.each(readdirSync(new URL('../../config/', import.meta.url)))('config/%s can be deployed', (name) => {
  const stage = name.replace(/\.yml$/, '');
  expect(() => packageService(functions, {}, `--stage=${stage}`)).not.toThrow();
});
