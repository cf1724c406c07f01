import { ApiError, type ProblemCode, ProblemError, StepUpError } from '../../typescript/src/index.ts';
import { type ExitCode, exitCodes, Failure } from './failure.ts';
import { duration, harmless, harmlessLines } from './text.ts';

/** A failure as it is told: to people as text, to programs as JSON. */
export interface Explanation {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly remedy?: string | undefined;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
}

/** What the user of this command does about a problem; `detail` of the problem says what happened. */
const remedies: Readonly<Partial<Record<ProblemCode, string>>> = {
  unauthenticated:
    'Check the access key with "aws sts get-caller-identity", the URL and Region of the API, and your clock.',
  'session-expired': 'Get new credentials, then run the command again.',
  'access-denied':
    'Your policies do not allow this, or these credentials are a session without recent MFA. Use the access key of your ' +
    'IAM user, or ask your administrator for the policy of your work.',
  'first-device-only': 'Run the command again: it adds a further device with a code of the one you have.',
  'enrolment-pass-required':
    'Ask your help desk for an enrolment pass, then run "iam-mfa add NAME --pass", which asks for it.',
  'enrolment-pass-invalid': 'Ask an approver for a new pass, and add the device again with it.',
  'separation-of-duties': 'Ask a colleague who neither asked for the recovery nor is its subject.',
  'device-not-found': 'See your devices with "iam-mfa status".',
  'user-not-found': 'Check the name, also its capital letters.',
  'recovery-not-found': 'See the recoveries with "iam-mfa recovery list", or your own with --mine.',
  'route-not-found': 'Check the URL of the API: it ends before /v1.',
  'device-exists': 'Choose another name.',
  'device-limit': 'Remove a device that you do not use any more.',
  'last-device': 'Add another device first; "iam-mfa replace OLD NEW" does both.',
  'resync-instead': 'Tell the user to run "iam-mfa resync".',
  'device-not-ready': 'Wait some seconds, then run the command again with a fresh code.',
  busy: 'Wait some seconds, then run the command again.',
  throttled: 'Wait some seconds, then run the command again.',
  'invalid-authentication-code': 'Wait for a fresh code, and check the clock of the device.',
  'internal-error': 'Try again later. If it stays so, tell whoever runs the API the request id.',
  'upstream-failed': 'Try again later. "iam-mfa status" tells what was done.',
  timeout: 'Try again later. "iam-mfa status" tells what was done.',
};

/** What happened, where the API's own words are about its routes and not about this command. */
const messages: Readonly<Partial<Record<ProblemCode, string>>> = {
  'validation-failed': 'The API does not take this.',
  'access-denied': 'The API refused this.',
  'step-up-required': 'This needs a session with recent MFA.',
  'first-device-only': 'You have an active MFA device already.',
  'enrolment-pass-required': 'You need an enrolment pass to add a device.',
  'device-not-found': 'There is no such device.',
  'device-not-ready': 'AWS does not know this device yet: it was enabled only seconds ago.',
  'invalid-authentication-code': 'AWS did not accept the code: it is wrong or was used before.',
  'last-device': 'This is your last active device. Without it your access key alone could add the next one.',
  'recovery-not-found': 'There is no recovery with this id.',
  'resync-instead': 'No device is lost: its clock has only drifted.',
  timeout: 'AWS did not answer in time.',
};

const stepUpRemedies: Readonly<Record<StepUpError['reason'], string>> = {
  'no-callback': 'Run the command in a terminal.',
  'temporary-credentials':
    'This command needs the access key of your IAM user, or a session with recent MFA: see "iam-mfa session". With ' +
    "a role's session, ask your administrator whether its policy allows this.",
  'no-device': 'Add a first one with "iam-mfa add NAME".',
  'no-such-device': 'See your devices with "iam-mfa status".',
  cancelled: 'Run the command again and type the code.',
  'malformed-code': 'Run the command again and type the six digits that the device shows.',
};

export function explain(error: unknown): Explanation {
  if (error instanceof Failure) {
    return { exitCode: error.exitCode, code: error.code, message: error.message };
  }
  if (error instanceof ApiError) return explainApiError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.refused, code: 'unexpected', message };
}

/** What happened, in words that do not talk of the API's routes. */
export function messageOf(error: ProblemError): string {
  return (tellsWhyDenied(error) ? undefined : textFor(messages, error.code)) ?? error.detail;
}

/** Without an age of MFA it is not the gateway that refuses but a function, which knows the reason. */
const tellsWhyDenied = ({ code, maxAgeSeconds }: ProblemError): boolean =>
  code === 'access-denied' && maxAgeSeconds === undefined;

function remedyOf(error: ProblemError): string | undefined {
  const { code, operation, resyncMayHelp } = error;
  if (tellsWhyDenied(error)) return undefined;
  if (resyncMayHelp) return 'If it goes on so, run "iam-mfa resync".';
  if (code === 'device-not-found' && operation === 'requestRecovery')
    return 'Name his devices by their ids, or leave --device out for all of them.';
  return textFor(remedies, code);
}

function explainApiError(error: ApiError): Explanation {
  const { requestId, retryAfter } = error;
  if (error instanceof ProblemError) {
    const { code, errors } = error;
    const [message, remedy] = [messageOf(error), remedyOf(error)];
    return { exitCode: exitCodes.refused, code, message, remedy, errors, retryAfter, requestId };
  }
  if (error instanceof StepUpError) {
    const message = stepUpMessage(error);
    return { exitCode: exitCodes.refused, code: error.reason, message, remedy: stepUpRemedies[error.reason] };
  }
  return {
    exitCode: exitCodes.network,
    code: error.kind,
    message: error.message,
    remedy: 'Check the connection and the URL of the API. "iam-mfa status" tells what was done.',
    requestId,
  };
}

/** A newer API may have codes of which nothing is known here. */
const textFor = (texts: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(texts, code) ? texts[code] : undefined;

const stepUpMessage = ({ reason, message, cause }: StepUpError): string =>
  ({
    'no-device': 'You have no active MFA device that shows codes.',
    'temporary-credentials':
      cause === undefined
        ? 'STS gives no session with MFA for temporary credentials.'
        : 'The API refused this, and temporary credentials cannot be stepped up.',
  })[String(reason)] ?? message;

/** `/body/name` is `name` to whom requests do not concern. */
const fieldAt = (pointer: string): string => pointer.replace(/^\/(body|path|query)\//, '');

/** For people, over several lines. */
export function explanationText({ message, remedy, errors, retryAfter, requestId }: Explanation): string {
  return [
    harmlessLines(message),
    ...(errors ?? []).map(({ pointer, detail }) => harmless(`  ${fieldAt(pointer)}: ${detail}`)),
    ...(remedy === undefined ? [] : [remedy]),
    ...(retryAfter === undefined ? [] : [`Try again in ${duration(retryAfter)}.`]),
    ...(requestId === undefined ? [] : [harmless(`Request id: ${requestId}`)]),
  ].join('\n');
}
