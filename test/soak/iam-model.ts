import type { TrailEvent } from '../../local-aws/aws/trail.ts';
import type { Inspection } from '../../local-aws/inspection.ts';

/** What can be said of a device. */
export type Trait = 'active' | 'there';

/** A call that broke a rule. */
export interface Breach {
  readonly userName: string;
  readonly rule: string;
  readonly what: string;
}

interface Change {
  /** Real time, in milliseconds. */
  readonly at: number;
  readonly trait: Trait;
  readonly value: boolean;
}

/** Answers what the journal alone does not tell. */
export interface Context {
  /** Whether the device was created with a valid enrolment pass. */
  readonly hasPass: (serialNumber: string) => boolean;
  /** Whether a request of the user with a valid pass was under way. */
  readonly sentPass: (userName: string, at: number) => boolean;
  /** Whether the user's policies allow enrolment at IAM itself. */
  readonly mayEnrol: (userName: string) => boolean;
}

const holdName = 'EnrolmentHold';
const readOnly = /^(List|Get|Generate)/;

/** Follows every change of IAM, call by call, and checks each as it is made. */
export class IamModel {
  readonly #context: Context;
  /** The user for whom each active device is. */
  readonly #active = new Map<string, string>();
  readonly #there = new Set<string>();
  readonly #held = new Set<string>();
  /** Devices enabled past the product, which may not know of them yet. */
  readonly #outside = new Set<string>();
  readonly #before = new Map<string, Readonly<Record<Trait, boolean>>>();
  readonly #changes = new Map<string, Change[]>();
  /** Users who ever had an active device. */
  readonly everActive = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** Takes over the present state, and forgets earlier changes. */
  reset({ users, devices }: Inspection): void {
    const nameOf = new Map(users.map(({ userId, userName }) => [userId, userName]));
    for (const kept of [this.#active, this.#there, this.#held, this.#before, this.#changes]) kept.clear();
    for (const { serialNumber, activeFor } of devices) {
      const userName = activeFor === undefined ? undefined : nameOf.get(activeFor);
      if (userName !== undefined) this.#activate(serialNumber, userName);
      this.#there.add(serialNumber);
      this.#before.set(serialNumber, { active: userName !== undefined, there: true });
    }
    for (const { userName, attachedPolicies } of users) {
      if (attachedPolicies.some((arn) => arn.endsWith(holdName))) this.#held.add(userName);
    }
  }

  activeOf(userName: string): readonly string[] {
    return [...this.#active].filter(([, owner]) => owner === userName).map(([serialNumber]) => serialNumber);
  }

  /** Active or not, as far as they have the user's path. */
  createdBy(userName: string): readonly string[] {
    return [...this.#there].filter((serialNumber) => isOf(userName, serialNumber));
  }

  isHeld(userName: string): boolean {
    return this.#held.has(userName);
  }

  /** Whether a trait had the value at any time between the two. */
  wasEver(serialNumber: string, trait: Trait, value: boolean, from: number, to: number): boolean {
    const changes = (this.#changes.get(serialNumber) ?? []).filter((change) => change.trait === trait);
    const before = changes.findLast(({ at }) => at < from)?.value ?? this.#before.get(serialNumber)?.[trait];
    if ((before ?? false) === value) return true;
    return changes.some((change) => change.value === value && change.at >= from && change.at <= to);
  }

  /** Takes over a call, and returns the rules that it broke. @param at real time, in milliseconds */
  apply(call: TrailEvent, at: number): readonly Breach[] {
    if (call.service !== 'iam' || call.errorCode !== undefined || readOnly.test(call.operation)) return [];
    const breaches = [...this.#checkDirect(call), ...this.#check(call, at)];
    this.#take(call, at);
    return breaches;
  }

  #check(call: TrailEvent, at: number): readonly Breach[] {
    const serialNumber = serialNumberOf(call);
    const actor = functionOf(call);
    if (call.operation === 'EnableMFADevice') return this.#checkEnable(call, serialNumber, actor);
    if (call.operation === 'DeactivateMFADevice') return this.#checkDeactivate(call, serialNumber, actor);
    if (call.operation === 'DetachUserPolicy' && isOfHold(call)) return checkDetach(call, actor);
    return this.#checkUnderHold(call, serialNumber, actor, at);
  }

  /** Users change nothing at IAM itself, unless their own policies let them enrol there, and never under the hold. */
  #checkDirect({ principalArn = '', operation }: TrailEvent): readonly Breach[] {
    const userName = /:user\/(?:.*\/)?([^/]+)$/.exec(principalArn)?.[1];
    if (userName === undefined || userName === 'admin') return [];
    const isEnrolment = operation === 'CreateVirtualMFADevice' || operation === 'EnableMFADevice';
    if (isEnrolment && this.#context.mayEnrol(userName) && !this.isHeld(userName)) return [];
    return [{ userName, rule: 'users change nothing at IAM itself', what: operation }];
  }

  #checkEnable(call: TrailEvent, serialNumber: string, actor: string): readonly Breach[] {
    const userName = userOf(call);
    const others = this.activeOf(userName).filter((other) => other !== serialNumber);
    const breaches: Breach[] = [];
    const add = (rule: string) => breaches.push({ userName, rule, what: `${serialNumber} by ${actor}` });
    const isFirst = actor === 'enable-first-mfa-device';
    if (isFirst && others.some((other) => !this.#outside.has(other))) add('never two first devices');
    if (!isFirst && actor !== '' && others.length === 0) add('a further device only beside another');
    if (this.isHeld(userName) && !(isFirst && this.#context.hasPass(serialNumber))) {
      add('nothing is enabled under a guard without the pass');
    }
    return breaches;
  }

  #checkDeactivate(call: TrailEvent, serialNumber: string, actor: string): readonly Breach[] {
    const userName = userOf(call);
    const isLast = this.activeOf(userName).every((other) => other === serialNumber);
    if (!isLast || actor === 'execute-recoveries' || actor === '') return [];
    return [{ userName, rule: 'the last device stays', what: `${serialNumber} by ${actor}` }];
  }

  /** Under the hold, the executor and the sweeper may delete; the owner may create and replace, with the pass. */
  #checkUnderHold(call: TrailEvent, serialNumber: string, actor: string, at: number): readonly Breach[] {
    const userName = /:mfa\/self-service\/([^/]+)\//.exec(serialNumber)?.[1];
    const isBackground = actor === 'execute-recoveries' || actor === 'delete-expired-devices' || actor === '';
    const concerns = /^(Create|Delete)VirtualMFADevice$/.test(call.operation);
    if (userName === undefined || isBackground || !concerns || !this.isHeld(userName)) return [];
    if (this.#context.sentPass(userName, at)) return [];
    const rule = 'nothing is created or deleted under a guard without the pass';
    return [{ userName, rule, what: `${call.operation} of ${serialNumber} by ${actor}` }];
  }

  #take(call: TrailEvent, at: number): void {
    const serialNumber = serialNumberOf(call);
    const change = (trait: Trait, value: boolean) => {
      const changes = this.#changes.get(serialNumber) ?? [];
      this.#changes.set(serialNumber, [...changes, { at, trait, value }]);
    };
    if (call.operation === 'CreateVirtualMFADevice') {
      this.#there.add(serialNumber);
      change('there', true);
    }
    if (call.operation === 'DeleteVirtualMFADevice') {
      this.#there.delete(serialNumber);
      change('there', false);
    }
    if (call.operation === 'EnableMFADevice') {
      if (functionOf(call) === '') this.#outside.add(serialNumber);
      else this.#outside.delete(serialNumber);
      this.#activate(serialNumber, userOf(call));
      change('active', true);
    }
    if (call.operation === 'DeactivateMFADevice') {
      this.#active.delete(serialNumber);
      change('active', false);
    }
    if (call.operation === 'AttachUserPolicy' && isOfHold(call)) this.#held.add(userOf(call));
    if (call.operation === 'DetachUserPolicy' && isOfHold(call)) this.#held.delete(userOf(call));
  }

  #activate(serialNumber: string, userName: string): void {
    this.#active.set(serialNumber, userName);
    this.everActive.add(userName);
  }
}

function checkDetach(call: TrailEvent, actor: string): readonly Breach[] {
  if (actor === 'enable-first-mfa-device' || actor === 'execute-recoveries') return [];
  return [
    { userName: userOf(call), rule: 'only the pass or the executor lifts the hold', what: `by ${actor}` },
  ];
}

/** The product's function that made the call; empty for others. */
function functionOf({ origin = '' }: TrailEvent): string {
  return /\/mfa-self-service-local-([a-z-]+)$/.exec(origin)?.[1] ?? '';
}

/** Whether it is a device that the product created for the user. */
export const isOf = (userName: string, serialNumber: string): boolean =>
  serialNumber.includes(`:mfa/self-service/${userName}/`);

const userOf = ({ parameters }: TrailEvent): string => parameters?.['UserName'] ?? '';

const isOfHold = ({ parameters }: TrailEvent): boolean =>
  parameters?.['PolicyArn']?.endsWith(holdName) ?? false;

function serialNumberOf({ parameters = {} }: TrailEvent): string {
  const { SerialNumber, Path = '/', VirtualMFADeviceName } = parameters;
  if (VirtualMFADeviceName === undefined) return SerialNumber ?? '';
  return `arn:aws:iam::123456789012:mfa${Path}${VirtualMFADeviceName}`;
}
