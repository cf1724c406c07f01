import { describe, expect, it } from 'vitest';
import { type EventPattern, operatorsRule } from '../../../infra/template/event-rules.ts';
import { matchesPattern } from '../../../local-aws/aws/event-pattern.ts';
import { deviceEvents, recoveryEvents } from '../../../shared/contract/events/detail-types.ts';

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

describe('the rule', () => {
  const { pattern } = operatorsRule('prod');
  const matches = (detailType: string, { source = 'mfa-self-service', stage = 'prod' } = {}) =>
    matchesPattern({ source, 'detail-type': detailType, detail: { stage } }, pattern);

  it.each([...deviceEvents, ...recoveryEvents])('leads %s to the operators', (detailType) => {
    expect(matches(detailType)).toBe(true);
  });

  it.each([{ source: 'somebody' }, { stage: 'test' }])('leads no events of %j', (other) => {
    expect(matches('MFA Recovery Executed', other)).toBe(false);
  });

  it('leads no events that do not say their stage', () => {
    const silent = { source: 'mfa-self-service', 'detail-type': 'MFA Recovery Executed', detail: {} };
    expect(matchesPattern(silent, pattern)).toBe(false);
  });
});
