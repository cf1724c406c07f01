import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { enrolmentPass } from '../../../shared/contract/schemas.ts';
import { isPass, isUsable, newPass } from '../../../shared/lease/pass.ts';
import { clock } from '../../../shared/lib/clock.ts';

const recoveryId = 'a'.repeat(26);
const now = 1_700_000_000_000;

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(now);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a new pass', () => {
  it('has the format of the contract, and is different each time', () => {
    const passes = Array.from({ length: 200 }, () => newPass(recoveryId).pass);
    for (const pass of passes) expect(enrolmentPass.safeParse(pass).success, pass).toBe(true);
    expect(new Set(passes).size).toBe(200);
  });

  it('uses the whole alphabet in every position', () => {
    const passes = Array.from({ length: 2000 }, () => newPass(recoveryId).pass.replaceAll('-', ''));
    for (let place = 0; place < 24; place++) {
      expect(new Set(passes.map((pass) => pass.charAt(place))).size).toBe(32);
    }
  });

  it('is stored as a hash with its expiry, not in the clear', () => {
    const { pass, stored } = newPass(recoveryId);
    expect(stored).toEqual({
      recoveryId,
      hash: expect.stringMatching(/^[\w-]{43}$/),
      expiresAt: now + 3_600_000,
      wrong: 0,
    });
    expect(JSON.stringify(stored)).not.toContain(pass);
  });
});

describe('what is sent', () => {
  it('is the pass or not', () => {
    const { pass, stored } = newPass(recoveryId);
    expect(isPass(pass, stored)).toBe(true);
    expect(isPass(newPass(recoveryId).pass, stored)).toBe(false);
    expect(isPass('', stored)).toBe(false);
    expect(isPass(pass.toUpperCase(), stored)).toBe(false);
  });

  it('is not the pass if the stored hash is malformed', () => {
    const { pass, stored } = newPass(recoveryId);
    expect(isPass(pass, { ...stored, hash: '' })).toBe(false);
    expect(isPass(pass, { ...stored, hash: stored.hash.slice(0, 20) })).toBe(false);
  });
});

describe('a pass can be used', () => {
  const guard = { recoveryId, at: now };
  it.each([
    ['at once', {}, guard, true],
    ['without a guard', {}, undefined, true],
    ['after four wrong ones', { wrong: 4 }, guard, true],
    ['after five wrong ones', { wrong: 5 }, guard, false],
    ['until its end', { expiresAt: now + 1 }, guard, true],
    ['at its end', { expiresAt: now }, guard, false],
    ['under the guard of another recovery', { recoveryId: 'b'.repeat(26) }, guard, false],
  ])('%s', (_when, changes, under, usable) => {
    expect(isUsable({ ...newPass(recoveryId).stored, ...changes }, under)).toBe(usable);
  });
});
