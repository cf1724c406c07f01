import type { Operation } from '../../shared/contract/operation.ts';
import type { TemplateResource } from '../cloudformation/template.ts';
import { resourcePolicy } from '../policies/resource-policy.ts';
import { onlyIfGiven } from './conditions.ts';
import { apiPermissionId, apiResourceId, functionId, methodId, restApiId } from './logical-ids.ts';
import { setting } from './parameters.ts';
import { placeholder, placeholders } from './placeholders.ts';
import { preflightMethod, preflightsOf } from './preflight.ts';
import { service } from './resource-names.ts';

type Resources = Readonly<Record<string, TemplateResource>>;

/** The REST API with its resources and methods, and the permissions to invoke their functions. By logical id. */
export function apiResources(operations: readonly Operation[]): Resources {
  return {
    [restApiId]: {
      Type: 'AWS::ApiGateway::RestApi',
      Properties: {
        Name: `${service}-${placeholders.stage}`,
        BinaryMediaTypes: ['image/png'],
        EndpointConfiguration: { Types: [setting('EndpointType')] },
        Policy: resourcePolicy(operations),
      },
    },
    ...Object.fromEntries(pathsOf(operations).map((path) => [apiResourceId(path), pathResource(path)])),
    ...Object.assign({}, ...operations.map(methodOf)),
    ...Object.fromEntries(
      preflightsOf(operations).map((preflight) => {
        const id = apiResourceId(preflight.path);
        return [`${id}Preflight`, onlyIfGiven('AllowedOrigins', preflightMethod(preflight, id))];
      }),
    ),
  };
}

/** All paths but the root, each after those above it. */
function pathsOf(operations: readonly Operation[]): readonly string[] {
  const all = operations.flatMap(({ path }) => {
    const segments = path.split('/').slice(1);
    return segments.map((_, index) => `/${segments.slice(0, index + 1).join('/')}`);
  });
  return [...new Set(all)].filter((path) => path !== '/');
}

const pathResource = (path: string): TemplateResource => {
  const end = path.lastIndexOf('/');
  return {
    Type: 'AWS::ApiGateway::Resource',
    Properties: {
      ParentId: resourceAt(path.slice(0, end)),
      PathPart: path.slice(end + 1),
      RestApiId: { Ref: restApiId },
    },
  };
};

const resourceAt = (path: string): object =>
  path === '' || path === '/'
    ? { 'Fn::GetAtt': [restApiId, 'RootResourceId'] }
    : { Ref: apiResourceId(path) };

function methodOf({ name, path, method, gate }: Operation): Resources {
  const { partition, region, accountId, apiId } = placeholders;
  return {
    [apiPermissionId(name)]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        FunctionName: { 'Fn::GetAtt': [functionId(name), 'Arn'] },
        Action: 'lambda:InvokeFunction',
        Principal: 'apigateway.amazonaws.com',
        SourceArn: `arn:${partition}:execute-api:${region}:${accountId}:${apiId}/*/*`,
      },
    },
    [methodId(path, method)]: {
      Type: 'AWS::ApiGateway::Method',
      DependsOn: [apiPermissionId(name)],
      Properties: {
        HttpMethod: method,
        ResourceId: resourceAt(path),
        RestApiId: { Ref: restApiId },
        ApiKeyRequired: false,
        AuthorizationType: gate === 'anonymous' ? 'NONE' : 'AWS_IAM',
        Integration: {
          IntegrationHttpMethod: 'POST',
          Type: 'AWS_PROXY',
          Uri: `arn:${partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${placeholder(
            `${functionId(name)}.Arn`,
          )}/invocations`,
        },
      },
    },
  };
}
