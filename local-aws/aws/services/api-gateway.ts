import type { ControlPlane } from '../../control-plane/control-plane.ts';
import type { LiveApi } from '../../control-plane/live-api.ts';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { pageOf } from '../pages.ts';
import type { RestInput, RestOperation } from '../protocols/rest-protocol.ts';

interface Found {
  readonly account: Account;
  readonly input: RestInput;
}

/** API Gateway's operations that only read, as it answers those who accept `application/json`. */
export function apiGatewayOperations(plane: ControlPlane): readonly RestOperation[] {
  const ofApi = (name: string, path: RegExp, answer: (api: LiveApi, input: RestInput) => object) =>
    reading(name, path, ({ account, input }) => answer(apiIn(plane, input, account), input));
  return [
    reading('GetAccount', /^\/account$/, () => ({
      ...(plane.cloudwatchRoleArn !== undefined && { cloudwatchRoleArn: plane.cloudwatchRoleArn }),
      throttleSettings: { rateLimit: 10_000, burstLimit: 5000 },
      features: ['UsagePlans'],
      apiKeyVersion: '4',
    })),
    ofApi('GetRestApi', /^\/restapis\/(?<api>[^/]+)$/, described),
    ofApi('GetResources', /^\/restapis\/(?<api>[^/]+)\/resources$/, ({ resources }, { query }) =>
      listed(
        'resources',
        resources.map(query.get('embed') === 'methods' ? withMethods : withoutMethods),
        query,
        {
          size: 25,
          key: 'id',
        },
      ),
    ),
    ofApi(
      'GetGatewayResponses',
      /^\/restapis\/(?<api>[^/]+)\/gatewayresponses$/,
      ({ gatewayResponses }, { query }) =>
        listed('responses', gatewayResponses, query, { size: 500, key: 'responseType' }),
    ),
    ofApi('GetStage', /^\/restapis\/(?<api>[^/]+)\/stages\/(?<stage>[^/]+)$/, ({ stages }, { path }) => {
      const stage = stages.find(({ stageName }) => stageName === path['stage']);
      if (stage === undefined) throw notFound('Invalid stage identifier specified');
      return stage;
    }),
  ];
}

function reading(name: string, path: RegExp, answer: (found: Found) => object): RestOperation {
  return {
    service: 'apigateway',
    name,
    method: 'GET',
    path,
    prepare: (input, { account }) => ({
      permissions: [
        { action: 'apigateway:GET', resource: `arn:aws:apigateway:${account.region}::${input.pathname}` },
      ],
      run: () => ({ status: 200, body: JSON.stringify(answer({ account, input })) }),
    }),
  };
}

function apiIn({ apis }: ControlPlane, { path }: RestInput, { accountId }: Account): LiveApi {
  const api = apis.find(({ id }) => id === path['api']);
  if (api === undefined) throw notFound(`Invalid API identifier specified ${accountId}:${path['api']}`);
  return api;
}

const notFound = (message: string) => new AwsError('NotFoundException', message, 404);

function described({ id, name, policy, binaryMediaTypes, endpointTypes, resources }: LiveApi): object {
  return {
    id,
    name,
    createdDate: 1_764_000_000,
    apiKeySource: 'HEADER',
    binaryMediaTypes,
    endpointConfiguration: { types: endpointTypes, ipAddressType: 'ipv4' },
    ...(policy !== undefined && { policy: escaped(policy) }),
    disableExecuteApiEndpoint: false,
    rootResourceId: resources.find(({ path }) => path === '/')?.id,
  };
}

/** The text of the policy once more as JSON writes it, without the quotes around it and with escaped slashes. */
const escaped = (policy: string): string =>
  JSON.stringify(policy).slice(1, -1).replaceAll('/', String.raw`\/`);

const withMethods = <Resource extends LiveApi['resources'][number]>(resource: Resource) => resource;

const withoutMethods = (resource: LiveApi['resources'][number]) => ({
  ...resource,
  resourceMethods: Object.fromEntries(Object.keys(resource.resourceMethods).map((method) => [method, {}])),
});

/** A page of a list, which the caller's `limit` and `position` choose. */
function listed<Item extends { readonly [key in Key]: string }, Key extends string>(
  list: string,
  items: readonly Item[],
  query: URLSearchParams,
  { size, key }: { readonly size: number; readonly key: Key },
): object {
  const sorted = [...items].sort((one, other) => (one[key] < other[key] ? -1 : 1));
  const page = pageOf(list, sorted, (item) => item[key], {
    Marker: query.get('position') ?? undefined,
    MaxItems: Math.min(Number(query.get('limit') ?? size), 500),
  });
  return { item: page.items, ...(page.paging.IsTruncated && { position: page.paging.Marker }) };
}
