import { describe, expect, it } from 'vitest';
import {
  deviceEvents,
  noticeEvents,
  outcomeEvents,
  recoveryEvents,
} from '../../../shared/contract/events/detail-types.ts';
import { listenersOf } from '../../../shared/events/listeners.ts';

describe('the functions that are told of an event', () => {
  it.each([
    ['MFA Device Enabled', ['notify-subject']],
    ['MFA Device Labelled', []],
    ['MFA Recovery Executed', ['notify-subject', 'report-outcome']],
    ['MFA Recovery Executing', []],
    ['MFA Enrolment Pass Issued', ['notify-subject']],
  ] as const)('are, for %s, %j', (type, names) => {
    expect(listenersOf(type)).toEqual(names);
  });

  it('include the one that mails users for all they are to know, and the one for tickets for every outcome', () => {
    const heard = (name: string) =>
      [...deviceEvents, ...recoveryEvents].filter((type) => listenersOf(type).some((one) => one === name));
    expect(heard('notify-subject').sort()).toEqual([...noticeEvents].sort());
    expect(heard('report-outcome').sort()).toEqual([...outcomeEvents].sort());
  });
});
