import type { Operation } from '../../../shared/contract/operation.ts';
import { type Answer, failsSignature, type Sending } from '../client.ts';
import { type Check, notChecked, type Outcome, verdict } from '../finding.ts';
import {
  bodyFor,
  deniedByGateway,
  described,
  filled,
  guarded,
  inParallel,
  invalid,
  isLost,
  isOurs,
  once,
  wasRead,
} from '../requests.ts';
import type { Keys } from '../sign.ts';
import { spellingsOf } from '../spellings.ts';
import { isGated, isSigned, type Subject } from '../subject.ts';
import { authorization, pathCheck, stepUpStatements } from '../targets.ts';
import type { LetIn } from './let-in.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Callers without MFA at every gated route: as it is spelled, spelled otherwise, and by method override. */
export function refusals(subject: Subject, known: LetIn): readonly Check[] {
  const gated = subject.operations.filter(isGated);
  const callers = [
    ['with a long-term key', subject.longTerm],
    ['with a session without MFA', subject.withoutMfa],
  ] as const;
  const otherwise = gated.map((operation) =>
    oddly(subject, `${operation.name}, spelled otherwise,`, spelled(operation)),
  );
  const overrides = oddly(subject, 'every method override', gated.flatMap(overridden));
  return [
    ...subject.operations.filter(isSigned).map((operation) => refusesUnsigned(subject, operation)),
    ...callers.flatMap(([how, keys]) => [
      ...gated.map((operation) => refusesPlainly(subject, known, operation, how, keys)),
      ...[...otherwise, overrides].map((check) => check(how, keys)),
    ]),
    ...[...otherwise, overrides].map((check) => check('unsigned', undefined)),
  ];
}

const refusesUnsigned = ({ client }: Subject, operation: Operation): Check => ({
  name: `refused: ${operation.name} unsigned`,
  standsFor: [authorization],
  gate: true,
  run: async () => {
    const answer = await client.send(invalid(operation), undefined);
    if (isLost(answer)) return notChecked(described(invalid(operation), answer));
    const refused = answer.status === 403 && answer.code === 'unauthenticated' && !isOurs(answer);
    return verdict(!refused && described(invalid(operation), answer));
  },
});

const refusesPlainly = (
  { client }: Subject,
  { answerTo }: LetIn,
  operation: Operation,
  how: string,
  keys: Keys,
): Check => ({
  name: `refused: ${operation.name} ${how}`,
  standsFor: stepUpStatements,
  gate: true,
  run: async () => {
    const answer = await client.send(invalid(operation), keys);
    if (isLost(answer)) return notChecked(described(invalid(operation), answer));
    if (!deniedByGateway(answer))
      return verdict(`${described(invalid(operation), answer)}${reading(answer)}`);
    if (wasRead(await answerTo(operation))) return verdict();
    return notChecked('refused, but so is a session with recent MFA');
  },
});

/** What an answer that is not the gate's says about the gate. */
function reading(answer: Answer): string {
  if (failsSignature(answer)) return ': signed with keys unknown to AWS';
  return isRefusal(answer) && isOurs(answer)
    ? ': the gateway let it through, and only the function refused'
    : '';
}

/** Checks of the same requests, by different callers, against what a session with recent MFA gets for each. */
function oddly(
  { client, steppedUp }: Subject,
  what: string,
  sendings: readonly Sending[],
): (how: string, keys: Keys | undefined) => Check {
  const sendAs = (keys: Keys | undefined) => inParallel(sendings, (sending) => client.send(sending, keys));
  const withMfa = once(() => sendAs(steppedUp));
  return (how, keys) => ({
    name: `refused: ${what} ${how} (${sendings.length})`,
    standsFor: keys === undefined ? [authorization] : [...stepUpStatements, pathCheck],
    gate: true,
    run: async () => {
      const answers = await sendAs(keys);
      const faults = sendings.flatMap((sending, index) => {
        const answer = answers[index];
        return answer === undefined || isLost(answer) || isRefusal(answer)
          ? []
          : [described(sending, answer)];
      });
      if (faults.length > 0) return { faults };
      if (answers.every(isLost)) return notChecked('no request was answered');
      return keys === undefined ? unsignedOutcome(answers) : provenBy(answers, await withMfa());
    },
  });
}

const unsignedOutcome = (answers: readonly Answer[]): Outcome => {
  const lost = answers.filter(isLost).length;
  return { faults: [], ...(lost > 0 && { note: `${lost} without an answer` }) };
};

/** Of refused requests, what each refusal proves. */
function provenBy(answers: readonly Answer[], withMfa: readonly Answer[]): Outcome {
  const proofs = answers.map((answer, index) => proofOf(answer, withMfa[index]));
  const count = (proof: Proof) => proofs.filter((other) => other === proof).length;
  const counts = Object.entries(words).flatMap(([proof, text]) => {
    const number = count(proof as Proof);
    return number > 0 ? [`${number} ${text}`] : [];
  });
  const note = counts.join(', ');
  const unproven = count('allow');
  return {
    faults: [],
    note,
    ...(unproven > 0 && {
      notChecked: `${unproven} refusals show only that the user's own policies do not allow such a request`,
    }),
  };
}

const words = {
  gate: 'by the gate',
  function: 'by the function',
  route: 'lead nowhere',
  signature: 'only for the signature',
  lost: 'without an answer',
  allow: 'for want of an allow',
} as const;

type Proof = keyof typeof words;

function proofOf(answer: Answer, withMfa: Answer | undefined): Proof {
  if (isLost(answer) || withMfa === undefined || isLost(withMfa)) return 'lost';
  if (failsSignature(answer) || failsSignature(withMfa)) return 'signature';
  if (isOurs(answer)) return 'function';
  if (isOurs(withMfa)) return 'gate';
  return deniedByGateway(withMfa) ? 'allow' : 'route';
}

/** The problems of the gate, of routing and of the functions' path check. Any other comes from beyond them. */
const refusalCodes = new Set([
  'access-denied',
  'step-up-required',
  'unauthenticated',
  'session-expired',
  'route-not-found',
]);

function isRefusal(answer: Answer): boolean {
  const { status, headers, code, text } = answer;
  if (status >= 400 && status < 500) {
    // A response that is not from our functions comes from a proxy in front or from API Gateway itself.
    return (
      refusalCodes.has(code) || headers['x-amzn-errortype'] !== undefined || (code === '' && !isOurs(answer))
    );
  }
  // API Gateway's response to OPTIONS is harmless.
  return status === 204 && headers['access-control-allow-methods'] !== undefined && text === '';
}

const spelled = ({ method, path }: Operation): readonly Sending[] =>
  spellingsOf(filled(path))
    .slice(1)
    .map((spelling) => ({ method, path: guarded(spelling), ...bodyFor(method) }));

/** The override header with every method that can carry it, as API Gateway might honour it. */
const overridden = ({ path }: Operation): readonly Sending[] =>
  ['POST', 'GET', 'PUT', 'OPTIONS'].flatMap((method) =>
    methods.map((override) => ({
      method,
      path: guarded(filled(path)),
      headers: { 'x-http-method-override': override },
      ...bodyFor(method),
    })),
  );
