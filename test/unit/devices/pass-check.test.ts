import { describe, expect, it, vi } from 'vitest';
import { assertNoGuard, assertPassFor, checkPass, unbindPass } from '../../../shared/devices/pass-check.ts';
import { newPass } from '../../../shared/lease/pass.ts';
import type { HeldLease } from '../../../shared/lease/ports.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const recoveryId = 'a'.repeat(26);
const guard = { recoveryId, at: 0 };
const wrongPass = 'aaaa-aaaa-aaaa-aaaa-aaaa-aaaa';
const problem = (code: string) => expect.objectContaining({ code });

describe('a user who sends no pass', () => {
  it.each([
    ['enrols', 'open', undefined],
    ['needs one under a guard', 'open', guard],
    ['needs one where everybody does', 'pass', undefined],
  ] as const)('%s', async (_what, rule, under) => {
    const admitting = checkPass(undefined, rule, fakeLease(under && { guard: under }));
    if (rule === 'open' && under === undefined) await expect(admitting).resolves.toBeUndefined();
    else await expect(admitting).rejects.toEqual(problem('enrolment-pass-required'));
  });
});

describe('a user who sends a pass', () => {
  it.each([['open'], ['pass']] as const)('enrols with it if first devices are %s', async (rule) => {
    const { pass, stored } = newPass(recoveryId);
    await expect(checkPass(pass, rule, fakeLease({ guard, pass: stored }))).resolves.toEqual(stored);
  });

  it('is refused if none was issued', async () => {
    await expect(checkPass(wrongPass, 'open', fakeLease())).rejects.toEqual(
      problem('enrolment-pass-invalid'),
    );
  });

  it('has a wrong one counted before learning of it', async () => {
    const { stored } = newPass(recoveryId);
    const lease = fakeLease({ guard, pass: stored });
    await expect(checkPass(wrongPass, 'open', lease)).rejects.toEqual(problem('enrolment-pass-invalid'));
    expect(lease.pass).toEqual({ ...stored, wrong: 1 });
  });

  it('does not learn that it is wrong if that cannot be counted', async () => {
    const lease = fakeLease({ guard, pass: newPass(recoveryId).stored });
    vi.spyOn(lease, 'putPass').mockRejectedValue(new Error('no table'));
    await expect(checkPass(wrongPass, 'open', lease)).rejects.toThrow('no table');
  });

  it('enables only the device created with it, and the right pass is not counted as wrong', async () => {
    const { pass, stored } = newPass(recoveryId);
    const bound = { ...stored, serialNumber: 'phone' };
    const lease = fakeLease({ guard, pass: bound });
    await expect(assertPassFor('phone', pass, 'open', lease)).resolves.toBeUndefined();
    await expect(assertPassFor('tablet', pass, 'open', lease)).rejects.toEqual(
      problem('enrolment-pass-invalid'),
    );
    await expect(assertPassFor('phone', pass, 'open', fakeLease({ guard, pass: stored }))).rejects.toEqual(
      problem('enrolment-pass-invalid'),
    );
    expect(lease.pass).toEqual(bound);
  });
});

describe('a device that goes', () => {
  it('is not the one that the pass enables any more', async () => {
    const { pass, stored } = newPass(recoveryId);
    const lease = fakeLease({ guard, pass: { ...stored, serialNumber: 'phone' } });

    await unbindPass('phone', lease);

    expect(lease.pass).toEqual(stored);
    await expect(assertPassFor('phone', pass, 'open', lease)).rejects.toEqual(
      problem('enrolment-pass-invalid'),
    );
  });

  it('leaves a pass alone that is bound to another device, or to none', async () => {
    const { stored } = newPass(recoveryId);
    const bound = { ...stored, serialNumber: 'tablet' };
    for (const pass of [bound, stored, undefined]) {
      const lease = fakeLease({ pass });
      const putPass = vi.spyOn(lease, 'putPass');

      await unbindPass('phone', lease);

      expect(putPass).not.toHaveBeenCalled();
    }
  });
});

describe('another device', () => {
  it('is enabled only without a guard', () => {
    expect(() => assertNoGuard(fakeLease())).not.toThrow();
    expect(() => assertNoGuard(fakeLease({ guard }))).toThrow(problem('enrolment-pass-required'));
  });
});

describe('the audit log', () => {
  it('names the recovery whose guard is in force', async () => {
    const seen = await withInvocation(async () => {
      await checkPass(undefined, 'open', fakeLease({ guard })).catch(() => undefined);
      return currentInvocation().recovery;
    });
    expect(seen).toEqual({ id: recoveryId });
  });

  it('names none without a guard', async () => {
    const seen = await withInvocation(async () => {
      await checkPass(undefined, 'open', fakeLease());
      return currentInvocation().recovery;
    });
    expect(seen).toBeUndefined();
  });
});

it.each([
  ['without a pass', (lease: HeldLease) => checkPass(undefined, 'open', lease)],
  ['with an old session', async (lease: HeldLease) => assertNoGuard(lease)],
])('an enrolment that is refused under a guard is audited with its recovery: %s', async (_, enrol) => {
  await withInvocation(async () => {
    await expect(enrol(fakeLease({ guard }))).rejects.toEqual(problem('enrolment-pass-required'));
    expect(currentInvocation().recovery).toEqual({ id: recoveryId });
  });
});
