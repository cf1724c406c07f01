// The logical ids of functions and of the API's resources are those that the Serverless Framework would generate: what
// an earlier version of this service deployed keeps its ids.

const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** The first part of the logical ids of what belongs to a function: `ListDashmfaDashdevices`. */
const ofFunction = (name: string): string => capitalized(name).replaceAll('-', 'Dash');

export const functionId = (name: string): string => `${ofFunction(name)}LambdaFunction`;

export const logGroupId = (name: string): string => `${ofFunction(name)}LogGroup`;

export const invokeConfigId = (name: string): string => `${ofFunction(name)}LambdaEvConf`;

export const apiPermissionId = (name: string): string => `${ofFunction(name)}LambdaPermissionApiGateway`;

export const scheduleId = (name: string): string => `${ofFunction(name)}EventsRuleSchedule1`;

export const schedulePermissionId = (name: string): string =>
  `${ofFunction(name)}LambdaPermissionEventsRuleSchedule1`;

/** The REST API. */
export const restApiId = 'ApiGatewayRestApi';

/** The API's resource for a path such as `/v1/mfa-devices/{deviceId}`. */
export const apiResourceId = (path: string): string => `ApiGatewayResource${ofPath(path)}`;

export const methodId = (path: string, method: string): string =>
  `ApiGatewayMethod${ofPath(path)}${capitalized(method)}`;

const ofPath = (path: string): string => path.split('/').map(ofSegment).join('');

const ofSegment = (segment: string): string => {
  const isParameter = segment.startsWith('{');
  const words = capitalized(isParameter ? segment.slice(1, -1) : segment);
  return `${words.replaceAll('-', 'Dash').replaceAll(/[^A-Za-z0-9]/g, '')}${isParameter ? 'Var' : ''}`;
};
