/** The HTTP status of each error, by AWS's code on the wire. */
const statusOf: Readonly<Record<string, number>> = {
  AccessDenied: 403,
  ConcurrentModification: 409,
  DeleteConflict: 409,
  EntityAlreadyExists: 409,
  EntityTemporarilyUnmodifiable: 409,
  ExpiredToken: 403,
  ExpiredTokenException: 400,
  IncompleteSignature: 400,
  InternalException: 500,
  InternalFailure: 500,
  InternalServiceError: 500,
  InternalServiceErrorException: 500,
  InvalidAction: 400,
  InvalidAuthenticationCode: 403,
  InvalidClientTokenId: 403,
  InvalidInput: 400,
  LimitExceeded: 409,
  MalformedInput: 400,
  MalformedPolicyDocument: 400,
  MissingAuthenticationToken: 403,
  NoSuchEntity: 404,
  PackedPolicyTooLarge: 400,
  RegionDisabledException: 403,
  ReportExpired: 410,
  ReportInProgress: 404,
  ReportNotPresent: 410,
  RequestEntityTooLarge: 413,
  RequestExpired: 400,
  ServiceException: 500,
  ServiceFailure: 500,
  ServiceUnavailable: 503,
  SignatureDoesNotMatch: 403,
  Throttling: 400,
  TooManyRequestsException: 429,
  UnmodifiableEntity: 400,
  ValidationError: 400,
};

/** An error response of a service; `code` is AWS's code on the wire. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;

  /** @param status for codes not listed above; 400 by default */
  constructor(code: string, message: string, status = statusOf[code] ?? 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
  }
}

export function noSuchEntity(message: string): AwsError {
  return new AwsError('NoSuchEntity', message);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

export function accessDenied(message: string): AwsError {
  return new AwsError('AccessDenied', message);
}

export function limitExceeded(quota: string, limit: number): AwsError {
  return new AwsError('LimitExceeded', `Cannot exceed quota for ${quota}: ${limit}`);
}
