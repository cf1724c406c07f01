import { afterEach, describe, expect, it, vi } from 'vitest';
import { ownerIfExpired } from '../../../../shared/devices/expiry/product-device.ts';
import { clock } from '../../../../shared/lib/clock.ts';
import { aliceId, tagsOf } from './world.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an expiry', () => {
  it.each([
    ['past', '2020-01-01T00:00:00.000Z', aliceId],
    ['to come', '2999-01-01T00:00:00.000Z', undefined],
    ['with an offset', '2020-01-01T00:00:00.000+01:00', undefined],
    ['without milliseconds', '2020-01-01T00:00:00Z', undefined],
    ['beyond what dates can be', '+999999-01-01T00:00:00.000Z', undefined],
    ['with words after it', '2020-01-01T00:00:00.000Z or so', undefined],
    ['in words', 'Wed, 01 Jan 2020 00:00:00 GMT', undefined],
  ])('%s (%s) yields the owner %s', (_, expiresAt, owner) => {
    expect(ownerIfExpired(tagsOf(aliceId, expiresAt))).toBe(owner);
  });
});

describe('a device is not up for deletion', () => {
  const now = Date.parse('2026-11-24T12:00:00.000Z');

  it.each([
    ['at the very moment of its expiry', tagsOf(aliceId, '2026-11-24T12:00:00.000Z')],
    ['with a text before its owner', tagsOf(`x ${aliceId}`, '2026-11-24T11:00:00.000Z')],
    ['with a text after its owner', tagsOf(`${aliceId} x`, '2026-11-24T11:00:00.000Z')],
    ['without an owner', tagsOf('', '2026-11-24T11:00:00.000Z')],
    ['without a time', { 'mfa-self-service:owner': aliceId }],
    ['with another form of a time', tagsOf(aliceId, '2026-11-24T11:00:00Z')],
  ])('%s', (_, of) => {
    vi.spyOn(clock, 'now').mockReturnValue(now);

    expect(ownerIfExpired(of)).toBeUndefined();
  });
});
