import { describe, expect, it } from 'vitest';
import { functionId } from '../../../infra/template/logical-ids.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { place, propertiesOf, resolvedOf, writtenTemplate } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const plain = resolvedOf('live');
const cors = resolvedOf('live', { allowedOrigins: ['https://a.example.com', 'http://localhost:5173'] });

const methodsIn = (resolved: typeof plain) => propertiesOf(resolved, 'AWS::ApiGateway::Method');

/** The path of an API resource, from its chain of parents. */
function pathOf(resolved: typeof plain, id: unknown): string {
  const found = Object.values(resolved.resources).find(
    ({ type, ref }) => type === 'AWS::ApiGateway::Resource' && ref === id,
  );
  const { ParentId, PathPart } = found?.properties ?? {};
  return found === undefined ? '' : `${pathOf(resolved, ParentId)}/${PathPart}`;
}

const routesIn = (resolved: typeof plain) =>
  [...methodsIn(resolved).values()].map(({ HttpMethod, ResourceId, ...method }) => ({
    route: `${HttpMethod} ${pathOf(resolved, ResourceId) || '/'}`,
    method,
  }));

describe('the API', () => {
  const api = plain.resources['ApiGatewayRestApi']?.properties;

  it('has just the routes of the contracts', () => {
    const routes = operations.map(({ method, path }) => `${method} ${path}`);
    expect(
      routesIn(plain)
        .map(({ route }) => route)
        .sort(),
    ).toEqual(routes.sort());
  });

  it.each(operations)('leads $method $path to its function, signed unless it is anonymous', (operation) => {
    const { method } =
      routesIn(plain).find(({ route }) => route === `${operation.method} ${operation.path}`) ?? {};
    const arn = plain.resources[functionId(operation.name)]?.attributes['Arn'];
    expect(method).toMatchObject({
      AuthorizationType: operation.gate === 'anonymous' ? 'NONE' : 'AWS_IAM',
      Integration: {
        Type: 'AWS_PROXY',
        IntegrationHttpMethod: 'POST',
        Uri: `arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/${arn}/invocations`,
      },
    });
  });

  it('may invoke each function of a route, and nobody else’s API may', () => {
    const permissions = [...propertiesOf(plain, 'AWS::Lambda::Permission').values()].filter(
      ({ Principal }) => Principal === 'apigateway.amazonaws.com',
    );
    expect(permissions.map(({ FunctionName }) => FunctionName).sort()).toEqual(
      operations.map(({ name }) => plain.resources[functionId(name)]?.attributes['Arn']).sort(),
    );
    for (const { SourceArn, Action } of permissions) {
      expect(Action).toBe('lambda:InvokeFunction');
      expect(SourceArn).toBe(`arn:aws:execute-api:eu-west-1:${place.accountId}:${place.apiId}/*/*`);
    }
  });

  it('returns images as bytes', () => {
    const images = operations.flatMap(({ media }) => media).filter((type) => type === 'image/png');
    expect(api?.['BinaryMediaTypes']).toEqual([...new Set(images)]);
  });

  it.each(['REGIONAL', 'EDGE'])('has an endpoint of the type %s', (endpointType) => {
    const { resources } = resolvedOf('live', { endpointType });
    expect(resources['ApiGatewayRestApi']?.properties['EndpointConfiguration']).toEqual({
      Types: [endpointType],
    });
  });
});

describe('preflights', () => {
  const preflightsIn = (resolved: typeof plain) =>
    [...methodsIn(resolved).values()].filter(({ HttpMethod }) => HttpMethod === 'OPTIONS');
  const paths = [...new Set(operations.map(({ path }) => path))].filter((path) => path !== '/');

  it('do not exist without origins', () => {
    expect(preflightsIn(plain)).toEqual([]);
    expect(plain.resources['ApiGatewayStage']?.properties['Variables']).toEqual({});
  });

  it('exist for every path but the page’s, unsigned and answered by API Gateway itself', () => {
    const preflights = preflightsIn(cors);
    expect(preflights.map(({ ResourceId }) => pathOf(cors, ResourceId)).sort()).toEqual(paths.sort());
    for (const preflight of preflights) {
      expect(preflight).toMatchObject({ AuthorizationType: 'NONE', Integration: { Type: 'MOCK' } });
    }
  });

  it('allow the methods of their path, the headers of SigV4, and no credentials', () => {
    const signed = 'authorization,x-amz-date,x-amz-security-token,x-amz-content-sha256,content-type,accept';
    for (const preflight of preflightsIn(cors)) {
      const path = pathOf(cors, preflight['ResourceId']);
      const methods = operations.filter((one) => one.path === path).map(({ method }) => method);
      const [{ ResponseParameters }] = Object(preflight['Integration']).IntegrationResponses;
      expect(ResponseParameters).toMatchObject({
        'method.response.header.access-control-allow-methods': `'${methods.sort().join(',')}'`,
        'method.response.header.access-control-allow-headers': `'${signed}'`,
        'method.response.header.vary': "'origin'",
      });
      expect(JSON.stringify(preflight)).not.toMatch(/credentials/i);
      // Only the template sets it, for an origin of the list.
      expect(Object.keys(ResponseParameters).join()).not.toContain('allow-origin');
    }
  });

  it('compare the whole origin with the list that is the stage’s variable', () => {
    expect(cors.resources['ApiGatewayStage']?.properties['Variables']).toEqual({
      allowedOrigins: 'https://a.example.com,http://localhost:5173',
    });
    for (const { Integration } of preflightsIn(cors)) {
      const [{ ResponseTemplates }] = Object(Integration).IntegrationResponses;
      const template = ResponseTemplates['application/json'];
      expect(template).toContain('#set($list = ",$stageVariables.allowedOrigins,")');
      expect(template).toContain('#set($entry = ",$origin,")');
      expect(template).toContain('!$origin.contains(",") && $list.contains($entry)');
    }
  });
});

describe('a deployment', () => {
  const snapshotOf = (resolved: typeof plain) =>
    Object.entries(resolved.resources).filter(([, { type }]) => type === 'AWS::ApiGateway::Deployment');
  const partsOf = (resolved: typeof plain) =>
    Object.entries(resolved.resources)
      .filter(([, { type }]) =>
        ['AWS::ApiGateway::Method', 'AWS::ApiGateway::GatewayResponse'].includes(type),
      )
      .map(([id]) => id);

  it.each([
    ['without origins', plain, 'ApiGatewayDeployment1'],
    ['with origins', cors, 'ApiGatewayDeployment1Cors'],
  ])('%s is the only one, waits for exactly what is to be in it, and is served', (_, resolved, id) => {
    const [[logicalId, deployment] = [], ...others] = snapshotOf(resolved);
    expect([logicalId, others]).toEqual([id, []]);
    expect([...(deployment?.dependsOn ?? [])].sort()).toEqual(partsOf(resolved).sort());
    expect(resolved.resources['ApiGatewayStage']?.properties['DeploymentId']).toBe(deployment?.ref);
    expect(deployment?.properties).toEqual({ RestApiId: place.apiId });
  });

  it('names nothing that its condition rules out', () => {
    const { Resources } = writtenTemplate;
    const deployments = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGateway::Deployment');
    expect(deployments.map(({ Condition }) => Condition).sort()).toEqual([
      'HasAllowedOrigins',
      'HasNoAllowedOrigins',
    ]);
    for (const { Condition, DependsOn = [] } of deployments) {
      const conditions = [DependsOn].flat().map((id) => Resources[id]?.Condition);
      const allowed = Condition === 'HasAllowedOrigins' ? [undefined, Condition] : [undefined];
      expect(new Set(conditions)).toEqual(new Set(allowed));
    }
  });
});
