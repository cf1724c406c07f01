import {
  APIGatewayClient,
  GetAccountCommand,
  GetResourcesCommand,
  GetRestApiCommand,
  GetStageCommand,
} from '@aws-sdk/client-api-gateway';
import {
  CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployment } from '../../../local-aws/deployment.ts';
import { startControlPlane, type TestControlPlane } from '../../support/control-plane.ts';
import { failureOf } from './fixture.ts';

const { region, accountId, stackName: StackName, apiId: restApiId, stage: stageName } = deployment;

let aws: TestControlPlane;
let apiGateway: APIGatewayClient;
let cloudFormation: CloudFormationClient;
let lambda: LambdaClient;
beforeAll(async () => {
  aws = await startControlPlane();
  const options = { endpoint: aws.url, region, credentials: { ...aws.keys }, maxAttempts: 1 };
  apiGateway = new APIGatewayClient(options);
  cloudFormation = new CloudFormationClient(options);
  lambda = new LambdaClient(options);
});
beforeEach(() => aws.reset());
afterAll(() => aws.close());

describe('CloudFormation', () => {
  it('tells the stack with its parameters and outputs', async () => {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName }));
    expect(stack).toMatchObject({ StackName, StackStatus: 'CREATE_COMPLETE' });
    expect(stack?.Parameters).toContainEqual({ ParameterKey: 'StepUpMaxAge', ParameterValue: '900' });
    expect(stack?.Outputs).toContainEqual({ OutputKey: 'Stage', OutputValue: stageName });
    const byArn = await cloudFormation.send(new DescribeStacksCommand({ StackName: stack?.StackId }));
    expect(byArn.Stacks).toHaveLength(1);
  });

  it('tells the template as it was written', async () => {
    const { TemplateBody = '' } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
    expect(JSON.parse(TemplateBody)).toEqual(aws.stack.template);
  });

  it('lists resources a hundred at a time', async () => {
    const first = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
    expect(first.StackResourceSummaries).toHaveLength(100);
    const next = { StackName, NextToken: first.NextToken };
    const { StackResourceSummaries: [item] = [] } = await cloudFormation.send(
      new ListStackResourcesCommand(next),
    );
    expect(item?.LogicalResourceId).not.toBe(first.StackResourceSummaries?.[0]?.LogicalResourceId);
  });

  it('knows no other stack', async () => {
    const call = cloudFormation.send(new DescribeStacksCommand({ StackName: 'mfa-self-service-other' }));
    expect(await failureOf(call)).toEqual({
      status: 400,
      code: 'ValidationError',
      message: 'Stack with id mfa-self-service-other does not exist',
    });
  });

  it('asks for permission on every stack, there or not', async () => {
    const call = cloudFormation.send(new DescribeStacksCommand({ StackName: 'another' }));
    expect(await failureOf(call)).toMatchObject({
      status: 403,
      code: 'AccessDenied',
      message: expect.stringContaining(`arn:aws:cloudformation:${region}:${accountId}:stack/another/*`),
    });
    const all = cloudFormation.send(new DescribeStacksCommand({}));
    expect(await failureOf(all)).toMatchObject({ code: 'AccessDenied' });
  });
});

describe('API Gateway', () => {
  it('tells the policy with full ARNs, escaped once more', async () => {
    const { policy = '' } = await apiGateway.send(new GetRestApiCommand({ restApiId }));
    expect(policy).toMatch(/^\{\\"Version\\":/);
    expect(policy).toContain(`arn:aws:execute-api:${region}:${accountId}:${restApiId}\\/${stageName}\\/`);
    expect(policy).not.toContain('execute-api:\\/');
  });

  it('lists resources in pages, with their methods if asked', async () => {
    const first = await apiGateway.send(new GetResourcesCommand({ restApiId }));
    expect(first.items).toHaveLength(25);
    const next = await apiGateway.send(new GetResourcesCommand({ restApiId, position: first.position }));
    expect(next.items?.length).toBeGreaterThan(0);
    const withMethods = { restApiId, embed: ['methods'], limit: 500 };
    const { items = [], position } = await apiGateway.send(new GetResourcesCommand(withMethods));
    expect([items.length, position]).toEqual([25 + (next.items?.length ?? 0), undefined]);
    const methodsAt = (list: typeof items) => list.find(({ path }) => path === '/v1/me')?.resourceMethods;
    expect(methodsAt(items)?.['GET']).toMatchObject({ authorizationType: 'AWS_IAM' });
    expect(methodsAt([...(first.items ?? []), ...(next.items ?? [])])).toEqual({ GET: {} });
  });

  it('knows no other API and stage', async () => {
    const api = apiGateway.send(new GetRestApiCommand({ restApiId: 'another' }));
    expect(await failureOf(api)).toMatchObject({ status: 404, code: 'NotFoundException' });
    const stage = apiGateway.send(new GetStageCommand({ restApiId, stageName: 'another' }));
    expect(await failureOf(stage)).toMatchObject({ status: 404, code: 'NotFoundException' });
  });

  it('asks for permission to read', async () => {
    aws.allow((policy) => policy.replaceAll('apigateway:GET', 'apigateway:PATCH'));
    expect(await failureOf(apiGateway.send(new GetAccountCommand({})))).toMatchObject({
      status: 403,
      code: 'AccessDeniedException',
      message: expect.stringContaining(`apigateway:GET on resource: arn:aws:apigateway:${region}::/account`),
    });
  });
});

describe('Lambda', () => {
  it('tells no configuration of a function that there is not', async () => {
    const FunctionName = 'mfa-self-service-local-nothing';
    const call = lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(await failureOf(call)).toMatchObject({ status: 404, code: 'ResourceNotFoundException' });
  });
});
