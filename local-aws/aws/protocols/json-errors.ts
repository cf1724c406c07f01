import type { AwsError } from '../aws-error.ts';

/** What the errors of IAM and STS that any request may meet are called by services that speak JSON. */
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

/** The same error under the name that it has in JSON. */
export function named({ code, message, status }: Failure): Failure {
  return { code: names[code] ?? code, message, status };
}
