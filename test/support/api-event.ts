import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

type Identity = APIGatewayProxyEvent['requestContext']['identity'];
type Overrides = Partial<Omit<APIGatewayProxyEvent, 'requestContext'>> & {
  identity?: Partial<Identity>;
  requestContext?: Partial<APIGatewayProxyEvent['requestContext']>;
};

/** The environment that matches the events below. */
export const apiEnv = {
  STAGE: 'test',
  API_ID: 'api123',
  TABLE_NAME: 'table',
  DEVICE_ROLE_ARN: 'arn:aws:iam::123456789012:role/mfa-self-service-test-device',
  STS_ENDPOINT: 'https://sts.us-east-1.amazonaws.com',
  CURSOR_KEY: 'key-for-the-cursors-of-the-tests-only',
};

/** A proxy event as API Gateway sends it for alice's MFA session. `path` also sets the gateway's own path. */
export function apiEvent({ identity, requestContext, ...event }: Overrides = {}): APIGatewayProxyEvent {
  const path = event.path ?? '/v1/me';
  return {
    resource: path,
    path,
    httpMethod: 'GET',
    headers: {},
    multiValueHeaders: {},
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    ...event,
    requestContext: {
      accountId: '123456789012',
      apiId: apiEnv.API_ID,
      authorizer: null,
      protocol: 'HTTP/1.1',
      httpMethod: 'GET',
      path: `/${apiEnv.STAGE}${path}`,
      stage: apiEnv.STAGE,
      requestId: 'request-1',
      requestTimeEpoch: 1_700_000_000_000,
      resourceId: 'abc',
      resourcePath: path,
      ...requestContext,
      identity: { ...aliceIdentity, ...identity },
    },
  };
}

const aliceIdentity: Identity = {
  accessKey: 'ASIAEXAMPLE000000001',
  accountId: '123456789012',
  apiKey: null,
  apiKeyId: null,
  caller: 'AIDAALICE00000000001',
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  sourceIp: '192.0.2.1',
  user: 'AIDAALICE00000000001',
  userAgent: 'test',
  userArn: 'arn:aws:iam::123456789012:user/alice',
};

/** A function's context with `remainingMillis` left. */
export const lambdaContext = (remainingMillis = 10_000): Context => ({
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'test',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:test',
  memoryLimitInMB: '512',
  awsRequestId: 'invocation-1',
  logGroupName: '/aws/lambda/test',
  logStreamName: 'test',
  getRemainingTimeInMillis: () => remainingMillis,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
});
