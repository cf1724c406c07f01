import type { IamModel, Trait } from './iam-model.ts';
import type { Person } from './person.ts';
import type { Report } from './report.ts';

/** What an answer said: at some time while the request was under way, a device was, or was not, active or there. */
export interface Claim {
  readonly person: Person;
  readonly serialNumber: string;
  readonly trait: Trait;
  readonly value: boolean;
  /** Real time, in milliseconds. */
  readonly from: number;
  readonly to: number;
}

/** Compares what answers said with what IAM did. */
export function checkClaims(claims: Claim[], model: IamModel, report: Report): void {
  for (const { person, serialNumber, trait, value, from, to } of claims.splice(0)) {
    report.count('claims of answers compared with IAM');
    if (model.wasEver(serialNumber, trait, value, from, to)) continue;
    const what = `${serialNumber} was ${value ? 'never' : 'always'} ${trait}, though an answer said otherwise`;
    report.violation('a 2xx is true', what, person);
  }
}
