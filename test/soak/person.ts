import type { SigningKeys } from '../support/sign.ts';

/** A device whose seed someone knows. */
export interface KnownDevice {
  readonly name: string;
  readonly serialNumber: string;
  readonly seed: string;
  /** The enrolment pass with which it was created. */
  readonly pass?: string;
}

/** A session with MFA, by whomever it was obtained. */
export interface KnownSession {
  readonly keys: SigningKeys;
  /** Milliseconds of the local clock, at the latest. */
  readonly issuedAt: number;
}

/** What someone who acts as a user has in hand. */
export class Belongings {
  readonly devices: KnownDevice[] = [];
  readonly sessions: KnownSession[] = [];
  /** Names of the devices that they have enabled. */
  readonly enabled = new Set<string>();

  /** A new seed takes the place of an older one under the same name. */
  keep(device: KnownDevice): void {
    this.lose(device.name);
    this.devices.push(device);
  }

  lose(name: string): void {
    this.enabled.delete(name);
    const index = this.devices.findIndex((device) => device.name === name);
    if (index >= 0) this.devices.splice(index, 1);
  }

  get latestSession(): KnownSession | undefined {
    return this.sessions.at(-1);
  }
}

const remembered = 30;

/** A user of the soak, and the thief who has a copy of their access key. */
export class Person {
  readonly userName: string;
  readonly userId: string;
  readonly keys: SigningKeys;
  /** Whether their policies let them enrol at IAM itself, as many accounts' do. */
  readonly mayEnrolAtIam: boolean;
  readonly own = new Belongings();
  readonly stolen = new Belongings();
  /** The enrolment pass that an approver handed over. */
  pass: string | undefined;
  readonly #actions: string[] = [];

  constructor({
    userName,
    userId,
    keys,
    mayEnrolAtIam,
  }: Pick<Person, 'userName' | 'userId' | 'keys' | 'mayEnrolAtIam'>) {
    this.userName = userName;
    this.userId = userId;
    this.keys = keys;
    this.mayEnrolAtIam = mayEnrolAtIam;
  }

  note(action: string): void {
    this.#actions.push(action);
    if (this.#actions.length > remembered) this.#actions.shift();
  }

  /** The latest actions that concerned them, oldest first. */
  get actions(): readonly string[] {
    return this.#actions;
  }
}
