import { type Answer, rawFetch, signedFetch, signedRequest } from '../support/http.ts';
import type { SigningKeys } from '../support/sign.ts';
import type { Person } from './person.ts';
import type { World } from './world.ts';

/** What became of a request. The status is 0 if its connection was cut. */
export interface Outcome {
  readonly status: number;
  /** The problem's code; empty for an answer without one. */
  readonly code: string;
  // biome-ignore lint/suspicious/noExplicitAny: whoever sends a request knows the shape of its answer
  readonly json: any;
  readonly text: string;
  /** Real time, in milliseconds. */
  readonly from: number;
  readonly to: number;
}

export interface Sending {
  /** Who acts, for the history. */
  readonly actor: string;
  /** Whom it concerns. */
  readonly person?: Person | undefined;
  readonly method: string;
  readonly target: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends a signed request to the API. */
export const send = (world: World, keys: SigningKeys, sending: Sending): Promise<Outcome> =>
  observed(world, sending, () => {
    const { method, target, body, headers } = sending;
    return signedFetch(world.stack.apiUrl, keys, method, target, body, headers);
  });

/** Sends a request to the API unsigned. */
export const sendUnsigned = (world: World, sending: Sending & { readonly body: string }): Promise<Outcome> =>
  observed(world, sending, () => {
    const { method, target, body, headers } = sending;
    return rawFetch(world.stack.apiUrl, method, target, headers, body);
  });

/** Marks calls of IAM itself in the history. What faults do to those is not for the product to answer for. */
const iamPrefix = 'IAM ';

/** Calls IAM itself. */
export const sendToIam = (
  world: World,
  keys: SigningKeys,
  sending: Pick<Sending, 'actor' | 'person'> & { readonly parameters: Readonly<Record<string, string>> },
): Promise<Outcome> => {
  const body = new URLSearchParams({ ...sending.parameters, Version: '2010-05-08' }).toString();
  const target = `${iamPrefix}${sending.parameters['Action']}`;
  return observed(world, { ...sending, method: 'POST', target }, () => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const { awsUrl } = world.stack;
    const { headers } = signedRequest(awsUrl, keys, 'POST', '/', body, type, { service: 'iam' });
    return rawFetch(awsUrl, 'POST', '/', headers, body);
  });
};

function observed(world: World, sending: Sending, request: () => Promise<Answer>): Promise<Outcome> {
  return world.turnstile.pass(async () => {
    noteSent(world, sending.body);
    const { kills, isDown } = world.stack;
    const from = Date.now();
    const answer = await request().catch(() => undefined);
    const outcome = outcomeOf(answer, from);
    const isKilled = isDown || world.stack.kills > kills;
    record(world, sending, outcome);
    if (!sending.target.startsWith(iamPrefix)) judge(world, sending, outcome, isKilled);
    return outcome;
  });
}

function outcomeOf(answer: Answer | undefined, from: number): Outcome {
  const { status = 0, text = '' } = answer ?? {};
  const json = membersOf(text);
  return { status, code: String(json['code'] ?? ''), json, text, from, to: Date.now() };
}

/** The members of a JSON object; none for anything else. */
function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function noteSent({ secrets }: World, body: unknown): void {
  const { code1, code2, presignedUrl } = membersOf(JSON.stringify(body) ?? '');
  for (const code of [code1, code2]) if (typeof code === 'string') secrets.noteCode(code);
  const query = URL.parse(typeof presignedUrl === 'string' ? presignedUrl : '')?.searchParams;
  secrets.noteCode(query?.get('TokenCode') ?? undefined);
  secrets.note('signature', query?.get('X-Amz-Signature') ?? undefined);
}

function record(
  world: World,
  { actor, person, method, target }: Sending,
  { status, code, json }: Outcome,
): void {
  const { report, secrets, cutOff } = world;
  if (status === 0 && person !== undefined) cutOff.add(person.userName);
  const who = target.startsWith(iamPrefix) ? 'answers of IAM itself' : 'answers';
  report.count(`${who} ${status === 0 ? 'cut off' : status}`);
  report.count('requests');
  world.step += 1;
  const time = new Date(world.control.now()).toISOString();
  person?.note(`${world.step} ${time} ${actor} ${method} ${target} → ${status} ${code}`);
  secrets.note('seed', json.base32Seed);
  secrets.note('secret key', json.secretAccessKey);
  secrets.note('session token', json.sessionToken);
  secrets.note('enrolment pass', json.enrolmentPass);
}

/** 500 is never right; the other failures are while faults are in place, and no answer at all is after a kill. */
function judge(
  world: World,
  { method, target, person }: Sending,
  { status, code, json }: Outcome,
  isKilled: boolean,
): void {
  const what = `${method} ${target} → ${status} ${code} ${json.requestId ?? ''}`;
  if (status === 500) world.report.violation('no 500', what, person);
  if (status > 500 && !world.isTroubled) world.report.violation('no 5xx without faults', what, person);
  if (status === 0 && !isKilled)
    world.report.violation('an answer, unless the stack was killed', what, person);
}
