import type { StackProcess } from '../support/stack-process.ts';
import type { Claim } from './claims.ts';
import type { Control } from './control.ts';
import type { GrowingFile } from './growing-file.ts';
import type { IamModel } from './iam-model.ts';
import type { Person } from './person.ts';
import type { Report } from './report.ts';
import type { Secrets } from './secrets.ts';
import type { Staff } from './staff.ts';
import type { Turnstile } from './turnstile.ts';

/** An enrolment pass in a request, and when that was under way; real time. */
export interface PassUse {
  readonly userName: string;
  readonly from: number;
  to: number;
}

/** What all parts of the soak share. */
export interface World {
  readonly stack: StackProcess;
  readonly control: Control;
  readonly turnstile: Turnstile;
  readonly report: Report;
  readonly secrets: Secrets;
  readonly journal: GrowingFile;
  /** The folder of the state. */
  readonly dataDir: string;
  readonly people: readonly Person[];
  readonly staff: Staff;
  readonly model: IamModel;
  readonly claims: Claim[];
  readonly passUses: PassUse[];
  /** Users of whom a request had no answer, since the last kill. */
  readonly cutOff: Set<string>;
  /** Ids of recoveries that someone got to know. */
  readonly recoveries: Set<string>;
  /** Serial numbers of devices that were created with a valid pass. */
  readonly enrolledWithPass: Set<string>;
  /** Called at once with every answer that a device was created, enabled, deactivated or deleted. */
  answered: () => void;
  /** Whether faults are in place, or may still have consequences. */
  isTroubled: boolean;
  /** Counts tickets. */
  tickets: number;
  /** Counts requests. */
  step: number;
}
