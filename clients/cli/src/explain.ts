import {
  ApiError,
  isProblem,
  type ProblemCode,
  ProblemError,
  StepUpError,
} from '../../typescript/src/index.ts';
import { type ExitCode, exitCodes, Failure } from './failure.ts';
import { duration, harmless, harmlessLines } from './text.ts';

/** A failure as reported: as text to people, as JSON to programs. */
export interface Explanation {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  /** What to do. */
  readonly remedy?: string | undefined;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[] | undefined;
  readonly retryAfter?: number | undefined;
  readonly requestId?: string | undefined;
  /** Given where they may be the cause. */
  readonly api?: InUse['api'] | undefined;
  readonly credentials?: InUse['credentials'] | undefined;
}

/** The API and credentials that a command works with, and where it found them. */
export interface InUse {
  readonly api: { readonly url: string; readonly from: string };
  readonly credentials: { readonly from: string; readonly accountId?: string };
}

/** What the user can do about a problem with this command. */
const remedies: Readonly<Partial<Record<ProblemCode, string>>> = {
  unauthenticated:
    'Check the access key with "aws sts get-caller-identity"; also the URL and Region of the API, and your clock.',
  'session-expired': 'Get new credentials, then run the command again.',
  'access-denied':
    'Your policies do not allow this, these credentials are a session without recent MFA, or they belong to another ' +
    'account than the API. Use the access key of your IAM user in that account, or ask your administrator for the ' +
    'right policy.',
  'first-device-only': 'Run the command again to add another device, using a code from the one you have.',
  'enrolment-pass-required':
    'Ask your help desk for an enrolment pass, then run "iam-mfa add NAME --pass" and enter it when prompted.',
  'enrolment-pass-invalid': 'Ask an approver for a new pass and add the device again with it.',
  'separation-of-duties': 'Ask a colleague who neither requested the recovery nor is its subject.',
  'device-not-found': 'List your devices with "iam-mfa status".',
  'user-not-found': 'Check the name, including upper and lower case.',
  'recovery-not-found': 'List recoveries with "iam-mfa recovery list", or your own with --mine.',
  'route-not-found': 'Check the URL of the API: it ends before /v1.',
  'device-exists': 'Choose another name.',
  'device-limit': 'Remove a device you no longer use.',
  'too-many-pending':
    'List them with "iam-mfa status". Adding one of them again under its name replaces it; others can be enabled or ' +
    'removed, or expire.',
  'last-device': 'Add another device first; "iam-mfa replace OLD NEW" does both.',
  'recently-resynchronised':
    'If you cannot wait, ask your help desk for a recovery. If it was not you who resynchronised it, deactivate the ' +
    'access key, and call your help desk at once.',
  'resync-instead': 'Tell the user to run "iam-mfa resync".',
  'device-not-ready': 'Wait a few seconds, then run the command again with a new code.',
  busy: 'Wait a few seconds, then run the command again.',
  throttled: 'Wait, then run the command again.',
  'invalid-authentication-code': "Wait for a new code, and check the device's clock.",
  'internal-error': 'Try again later. If it keeps failing, give the request id to whoever runs the API.',
  'upstream-failed': 'Try again later. Check what was done with "iam-mfa status".',
  timeout: 'Try again later. Check what was done with "iam-mfa status".',
};

/** What happened, where the API's own wording is about its routes rather than this command. */
const messages: Readonly<Partial<Record<ProblemCode, string>>> = {
  'validation-failed': 'The API rejected this input.',
  'access-denied': 'The API refused this.',
  'step-up-required': 'This needs a session with recent MFA.',
  'first-device-only': 'You already have an active MFA device.',
  'enrolment-pass-required': 'You need an enrolment pass to add a device.',
  'device-not-found': 'There is no such device.',
  'too-many-pending': 'Too many of your devices were added, but never enabled.',
  'device-not-ready': 'AWS does not know this device yet: it was enabled only seconds ago.',
  'invalid-authentication-code': 'AWS did not accept the code: it is wrong or already used.',
  'last-device':
    'This is your last active device. Without it, anyone with your access key could add a device of their own.',
  'recovery-not-found': 'There is no recovery with this id.',
  'recently-resynchronised':
    'Your device was resynchronised with the access key alone, so for now no device can be added, replaced or removed.',
  'resync-instead': 'The device is not lost: only its clock has drifted.',
  timeout: 'AWS did not answer in time.',
};

const stepUpRemedies: Readonly<Record<StepUpError['reason'], string>> = {
  'no-callback': 'Run the command in a terminal.',
  'temporary-credentials':
    'This command needs the access key of your IAM user, or a session with recent MFA: see "iam-mfa session". If you ' +
    "use a role session, ask your administrator whether the role's policy allows this.",
  'no-device': 'Add one with "iam-mfa add NAME".',
  'no-such-device': 'List your devices with "iam-mfa status".',
  cancelled: 'Run the command again and enter the code.',
  'malformed-code': 'Run the command again and enter the six digits shown by the device.',
};

export function explain(error: unknown, inUse?: InUse): Explanation {
  const explanation = explained(error);
  return isAboutSettings(error) ? { ...explanation, ...inUse } : explanation;
}

/** Whether the cause may be the URL of another account's API, or the credentials of another account. */
const isAboutSettings = (error: unknown): boolean =>
  (error instanceof Failure && error.code === 'wrong-account') ||
  (error instanceof ApiError && !(error instanceof StepUpError || error instanceof ProblemError)) ||
  isProblem(error, 'unauthenticated', 'access-denied', 'route-not-found');

function explained(error: unknown): Explanation {
  if (error instanceof Failure) {
    return { exitCode: error.exitCode, code: error.code, message: error.message };
  }
  if (error instanceof ApiError) return explainApiError(error);
  const message = error instanceof Error ? error.message : String(error);
  return { exitCode: exitCodes.refused, code: 'unexpected', message };
}

/** What happened, without mentioning the API's routes. */
export function messageOf(error: ProblemError): string {
  return (explainsDenial(error) ? undefined : textFor(messages, error.code)) ?? error.detail;
}

/** Without `maxAgeSeconds` the refusal comes from a function, which knows the reason, and not from API Gateway. */
const explainsDenial = ({ code, maxAgeSeconds }: ProblemError): boolean =>
  code === 'access-denied' && maxAgeSeconds === undefined;

function remedyOf(error: ProblemError): string | undefined {
  const { code, operation, resyncMayHelp } = error;
  if (explainsDenial(error)) return undefined;
  if (resyncMayHelp) return 'If this keeps happening, run "iam-mfa resync".';
  if (code === 'device-not-found' && operation === 'requestRecovery')
    return 'Give the ids of their devices, or omit --device to include all of them.';
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
    remedy: 'Check your connection and the URL of the API. Check what was done with "iam-mfa status".',
    requestId,
  };
}

/** A newer API may have codes that are unknown here. */
const textFor = (texts: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(texts, code) ? texts[code] : undefined;

const stepUpMessage = ({ reason, message, cause }: StepUpError): string =>
  ({
    'no-device': 'You have no active MFA device that shows codes.',
    'temporary-credentials':
      cause === undefined
        ? 'STS does not issue sessions with MFA for temporary credentials.'
        : 'The API refused this, and temporary credentials cannot be stepped up.',
  })[String(reason)] ?? message;

/** `/body/name` becomes `name`: users do not see requests. */
const fieldAt = (pointer: string): string => pointer.replace(/^\/(body|path|query)\//, '');

/** The explanation for people, on several lines. */
export function explanationText(explanation: Explanation): string {
  const { message, remedy, errors, retryAfter, requestId, api, credentials } = explanation;
  return [
    harmlessLines(message),
    ...(errors ?? []).map(({ pointer, detail }) => harmless(`  ${fieldAt(pointer)}: ${detail}`)),
    ...(remedy === undefined ? [] : [remedy]),
    ...(retryAfter === undefined ? [] : [`Try again in ${duration(retryAfter)}.`]),
    ...(api === undefined ? [] : [harmless(`API: ${api.url} (${api.from})`)]),
    ...(credentials === undefined ? [] : [harmless(`Credentials: ${credentialsText(credentials)}`)]),
    ...(requestId === undefined ? [] : [harmless(`Request id: ${requestId}`)]),
  ].join('\n');
}

const credentialsText = ({ from, accountId }: InUse['credentials']): string =>
  accountId === undefined ? from : `${from}, account ${accountId}`;
