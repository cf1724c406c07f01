import type { AwsError } from '../aws-error.ts';

/** IAM's and STS's common errors, by the names that JSON services give them. */
const names: Readonly<Record<string, string>> = {
  AccessDenied: 'AccessDeniedException',
  ExpiredToken: 'ExpiredTokenException',
  IncompleteSignature: 'IncompleteSignatureException',
  InvalidClientTokenId: 'UnrecognizedClientException',
  MissingAuthenticationToken: 'MissingAuthenticationTokenException',
  RequestEntityTooLarge: 'RequestEntityTooLargeException',
  SignatureDoesNotMatch: 'InvalidSignatureException',
};

type Failure = Pick<AwsError, 'code' | 'message' | 'status'>;

/** The error with its name in JSON services. */
export function named({ code, message, status }: Failure): Failure {
  return { code: names[code] ?? code, message, status };
}
