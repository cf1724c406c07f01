import { randomBytes } from 'node:crypto';
import { assumedRoleOf } from '../../policies/assumed-roles.ts';
import type { Answer, Sending } from '../client.ts';
import { type Check, leftOut, notChecked, type Outcome, verdict } from '../finding.ts';
import { described } from '../requests.ts';
import type { Subject } from '../subject.ts';
import { assumedRole, binaryAnswers, functionOf, type Target } from '../targets.ts';
import { ownDevice, ownDeviceEnds } from './own-device.ts';
import { auditing, helpDesk, ownRecoveries } from './recoveries.ts';
import type { Made, Step } from './steps.ts';

/** How often, and how far apart in milliseconds, a step is tried until AWS shows what was done. */
const settling = { tries: 10, pause: 3000 };

export interface SmokeRun {
  readonly checks: readonly Check[];
  /** Removes what is left of the run and says what could not be removed. */
  readonly cleanUp: () => Promise<readonly string[]>;
}

/**
 * Uses each operation once, on a device that is never enabled and on recoveries that are never executed: what the roles
 * of functions may do shows in nothing less.
 */
export function smokeRun(subject: Subject): SmokeRun {
  const known = new Set(subject.operations.map(({ name }) => name));
  const steps = [ownDevice, ownRecoveries, auditing, helpDesk, ownDeviceEnds]
    .flatMap((of) => of(subject))
    .filter(({ operation }) => known.has(operation));
  const made = nothingYet();
  const cleanUp = () => removeLeftovers(subject, made);
  if (!subject.smoke) {
    const targets = [...new Set(steps.flatMap((step) => targetsOf(subject, step)))];
    const why = 'give --smoke; it creates a device and deletes it';
    return { checks: [leftOut('smoke: uses each operation', targets, why)], cleanUp };
  }
  return {
    checks: [
      ...steps.map((step) => checkOf(subject, step, made)),
      {
        name: 'smoke: nothing is left',
        standsFor: [],
        cleansUp: true,
        run: async () => verdict(...(await cleanUp())),
      },
    ],
    cleanUp,
  };
}

function nothingYet(): Made {
  const run = randomBytes(6).toString('hex');
  return {
    device: `verify-${run}`,
    tickets: [`verify-${run}-1`, `verify-${run}-2`],
    hasDevice: false,
    mayHaveDevice: false,
    before: undefined,
    active: undefined,
    recoveries: [],
    closed: new Set(),
    mayBeApproved: false,
  };
}

const checkOf = (subject: Subject, step: Step, made: Made): Check => ({
  name: `smoke: ${step.operation}: ${step.does}`,
  standsFor: targetsOf(subject, step),
  run: () => taken(subject, step, made),
});

function targetsOf({ operations }: Subject, { operation: name, png = false }: Step): readonly Target[] {
  const operation = operations.find((candidate) => candidate.name === name);
  const work = operation && assumedRoleOf(operation);
  return [
    functionOf(name),
    ...(work === undefined ? [] : [assumedRole(work)]),
    ...(png ? [binaryAnswers] : []),
  ];
}

async function taken({ client, pause }: Subject, step: Step, made: Made): Promise<Outcome> {
  const sending = step.sending(made);
  if (typeof sending === 'string') return notChecked(sending);
  if (step.keys === undefined) return notChecked('give the profile of a role that may do it');
  for (let attempt = 1; ; attempt++) {
    const answer = await client.send(sending, step.keys);
    if (step.expects(answer, made)) return verdict();
    if (step.settles !== true || attempt === settling.tries) return verdict(withoutSecrets(sending, answer));
    await pause(settling.pause);
  }
}

/** A created device's answer holds its seed. */
function withoutSecrets(sending: Sending, answer: Answer): string {
  return described(sending, answer.status < 400 ? { ...answer, text: '(not as expected)' } : answer);
}

async function removeLeftovers(subject: Subject, made: Made): Promise<readonly string[]> {
  return [...(await removeDevice(subject, made)), ...(await closeRecoveries(subject, made))];
}

async function removeDevice({ client, steppedUp }: Subject, made: Made): Promise<readonly string[]> {
  if (!made.mayHaveDevice) return [];
  const sending = { method: 'DELETE', path: `/v1/mfa-devices/${made.device}` };
  const answer = await client.send(sending, steppedUp);
  if (answer.status === 204 || answer.code === 'device-not-found') {
    made.mayHaveDevice = false;
    return [];
  }
  return [`${described(sending, answer)}: delete the pending device ${made.device}, or let it expire`];
}

async function closeRecoveries({ client, staff }: Subject, made: Made): Promise<readonly string[]> {
  const left: string[] = [];
  for (const [index, id] of made.recoveries.entries()) {
    if (id === undefined || made.closed.has(index)) continue;
    const sending = { method: 'PUT', path: `/v1/recoveries/${id}/cancellation` };
    const answer = await client.send(sending, staff['recovery-approver']);
    if (answer.status === 200 || answer.code === 'recovery-closed') made.closed.add(index);
    else left.push(`${described(sending, answer)}: deny or cancel the recovery ${id}, or let it expire`);
  }
  return left;
}
