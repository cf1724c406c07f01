import { eventSource, noticeEvents } from '../../shared/contract/events/detail-types.ts';

/** What a field of an event may be: a value itself, or one of EventBridge's comparisons. */
export type Matcher =
  | string
  | number
  | boolean
  | null
  | { readonly prefix: string }
  | { readonly exists: boolean }
  | { readonly 'anything-but': string | readonly string[] | { readonly prefix: string } };

/** An EventBridge event pattern: of every field that it names, one of the matchers must hold. */
export interface EventPattern {
  readonly [field: string]: readonly Matcher[] | EventPattern;
}

/** A rule of the default event bus. */
export interface EventRule {
  readonly name: string;
  readonly description: string;
  readonly pattern: EventPattern;
  /** A function of the product (its name without prefix), or the SNS topic of the operators. */
  readonly target: { readonly function: string } | { readonly topic: 'operators' };
}

/**
 * Where the events of a stage go, and no other's: all stages of an account and Region are on the same bus. The deployment
 * makes its rules of these, the local AWS goes by them.
 */
export function eventRules(stage: string): readonly EventRule[] {
  const own = { source: [eventSource], detail: { stage: [stage] } };
  return [
    {
      name: 'notify-operators',
      description: 'Tells the operators of every change of a device and of every step of a recovery',
      pattern: own,
      target: { topic: 'operators' },
    },
    {
      name: 'notify-subject',
      description: 'Tells the user whose devices or recovery it is about',
      pattern: { ...own, 'detail-type': noticeEvents },
      target: { function: 'notify-subject' },
    },
    {
      name: 'report-outcome',
      description: 'Tells the ticketing system what became of a recovery',
      pattern: { ...own, 'detail-type': [{ prefix: 'MFA Recovery ' }] },
      target: { function: 'report-outcome' },
    },
  ];
}
