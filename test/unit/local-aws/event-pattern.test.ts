import { describe, expect, it } from 'vitest';
import { type EventPattern, eventRules } from '../../../infra/template/event-rules.ts';
import { matchesPattern } from '../../../local-aws/aws/event-pattern.ts';
import { recoveryEvents } from '../../../shared/contract/events/detail-types.ts';

const event = {
  source: 'mfa-self-service',
  'detail-type': 'MFA Device Enabled',
  resources: ['arn:aws:iam::123456789012:user/bob', 'arn:aws:iam::123456789012:mfa/phone'],
  detail: {
    result: 'done',
    count: 2,
    first: true,
    nothing: null,
    changes: ['EnableMFADevice', 'UntagMFADevice'],
    recovery: { ticket: { system: 'jira' } },
    parts: [{ name: 'a' }, { name: 'b' }],
  },
};

const detail = (pattern: EventPattern): EventPattern => ({ detail: pattern });

describe('a pattern', () => {
  it.each<[EventPattern]>([
    [{}],
    [{ source: ['mfa-self-service'] }],
    [{ source: ['other', 'mfa-self-service'], 'detail-type': ['MFA Device Enabled'] }],
    [{ source: [{ prefix: 'mfa-' }] }],
    [{ source: [{ 'anything-but': 'other' }] }],
    [{ source: [{ 'anything-but': ['other', 'more'] }] }],
    [{ source: [{ 'anything-but': { prefix: 'aws.' } }] }],
    [{ resources: ['arn:aws:iam::123456789012:mfa/phone'] }],
    [{ resources: [{ prefix: 'arn:aws:iam::123456789012:mfa/' }] }],
    [detail({ count: [2], first: [true], nothing: [null] })],
    [detail({ result: [{ exists: true }] })],
    [detail({ nothing: [{ exists: true }] })],
    [detail({ missing: [{ exists: false }] })],
    [detail({ missing: ['x', { exists: false }] })],
    [detail({ missing: { deeper: [{ exists: false }] } })],
    [detail({ recovery: [{ exists: false }] })],
    [detail({ changes: ['UntagMFADevice'] })],
    [detail({ changes: [{ 'anything-but': ['EnableMFADevice'] }] })],
    [detail({ recovery: { ticket: { system: ['jira'] } } })],
    [detail({ parts: { name: ['b'] } })],
  ])('matches: %j', (pattern) => {
    expect(matchesPattern(event, pattern)).toBe(true);
  });

  it.each<[EventPattern]>([
    [{ source: [] }],
    [{ source: ['MFA-self-service'] }],
    [{ source: ['mfa-self-service'], 'detail-type': ['MFA Device Deleted'] }],
    [{ source: [{ prefix: 'mfa-x' }] }],
    [{ source: [{ 'anything-but': 'mfa-self-service' }] }],
    [{ source: [{ 'anything-but': ['other', 'mfa-self-service'] }] }],
    [{ source: [{ 'anything-but': { prefix: 'mfa-' } }] }],
    [{ account: ['123456789012'] }],
    [{ constructor: [{ exists: true }] }],
    [detail({ count: ['2'] })],
    [detail({ first: ['true'] })],
    [detail({ nothing: ['null'] })],
    [detail({ count: [{ prefix: '2' }] })],
    [detail({ missing: [{ exists: true }] })],
    [detail({ missing: [{ 'anything-but': 'x' }] })],
    [detail({ missing: { deeper: ['x'] } })],
    [detail({ result: [{ exists: false }] })],
    [detail({ recovery: [{ exists: true }] })],
    [detail({ result: { deeper: ['x'] } })],
    [detail({ recovery: { ticket: { system: ['zendesk'] } } })],
    [detail({ parts: { name: ['c'] } })],
  ])('does not match: %j', (pattern) => {
    expect(matchesPattern(event, pattern)).toBe(false);
  });
});

const targetsOf = (detailType: string, { source = 'mfa-self-service', stage = 'prod' } = {}) =>
  eventRules('prod')
    .filter(({ pattern }) =>
      matchesPattern({ source, 'detail-type': detailType, detail: { stage } }, pattern),
    )
    .map(({ target }) => ('topic' in target ? target.topic : target.function));

describe('the rules', () => {
  it.each([
    ['MFA Device Enabled', ['operators', 'notify-subject']],
    ['MFA Device Labelled', ['operators']],
    ['MFA Recovery Executed', ['operators', 'notify-subject', 'report-outcome']],
    ['MFA Enrolment Pass Issued', ['operators', 'notify-subject']],
  ])('lead %s to %j', (detailType, targets) => {
    expect(targetsOf(detailType)).toEqual(targets);
  });

  it('lead every step of a recovery to the ticketing system', () => {
    const steps = recoveryEvents.filter((name) => name.startsWith('MFA Recovery'));
    const untold = steps.filter((name) => !targetsOf(name).includes('report-outcome'));
    expect(untold).toEqual([]);
  });

  it.each([{ source: 'somebody' }, { stage: 'test' }])('lead no events of %j', (other) => {
    expect(targetsOf('MFA Recovery Executed', other)).toEqual([]);
  });

  it('lead no events that do not say their stage', () => {
    const event = { source: 'mfa-self-service', 'detail-type': 'MFA Recovery Executed', detail: {} };
    expect(eventRules('prod').filter(({ pattern }) => matchesPattern(event, pattern))).toEqual([]);
  });

  it('have names of their own', () => {
    const names = eventRules('prod').map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
