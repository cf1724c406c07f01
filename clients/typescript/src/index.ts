export type * from './api.ts';
export { problemCodes } from './api.ts';
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
