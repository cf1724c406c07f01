export { type Client, createClient } from './client.ts';
export type { Credentials } from './credentials.ts';
export { type Endpoint, endpointOf } from './endpoint.ts';
export {
  type AnyProblemCode,
  ApiError,
  type ApiErrorKind,
  type InputError,
  isKnownCode,
  isProblem,
  type ProblemDocument,
  ProblemError,
  StepUpError,
  type StepUpFailure,
} from './errors.ts';
export * from './models.ts';
export type { OperationInfo } from './operation-info.ts';
export type { Api } from './operations.ts';
export type {
  CallOptions,
  ClientOptions,
  CodeAnswer,
  CodeCallback,
  CodeRequest,
  Fetch,
  FetchResponse,
} from './options.ts';
export { paginate } from './paginate.ts';
export { type ProblemCode, problemCodes } from './problem-codes.ts';
export { type GetSessionToken, presignGetSessionToken } from './sign.ts';
