import { describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { enableFirstDevice, type FirstActivationContext } from '../../../shared/devices/first-activation.ts';
import type { ActiveDevice } from '../../../shared/devices/ports.ts';
import { newPass } from '../../../shared/lease/pass.ts';
import type { HeldLease } from '../../../shared/lease/ports.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import { fakeLease } from '../../support/fake-lease.ts';

const recoveryId = 'a'.repeat(26);
const serialNumber = 'arn:aws:iam::123456789012:mfa/self-service/alice/phone';
const codes = { code1: '123456', code2: '654321' };
const guard = { recoveryId, at: 0 };

const unused = () => Promise.reject(new Error('not to be called'));

/** What was done, in order, for alice, who owns the pending device. */
function setUp(lease: HeldLease, active: ActiveDevice[] = []) {
  const steps: string[] = [];
  const noting = (step: string) => async () => {
    steps.push(step);
  };
  const { liftGuard } = lease;
  vi.spyOn(lease, 'liftGuard').mockImplementation(async () => {
    steps.push('lift');
    await liftGuard();
  });
  const context: FirstActivationContext = {
    resyncCoolDown: 0,
    caller: {
      partition: 'aws',
      accountId: '123456789012',
      userName: 'alice',
      userArn: 'arn:aws:iam::123456789012:user/alice',
      userId: 'AIDAALICE00000000001',
      accessKeyId: 'AKIAEXAMPLE000000001',
      temporary: false,
    },
    directory: {
      listActive: async () => active,
      listTags: async () => ({ 'mfa-self-service:owner': 'AIDAALICE00000000001' }),
      enable: noting('enable'),
      untag: async () => undefined,
      listUnassigned: unused,
      create: unused,
      deactivate: unused,
      resync: unused,
      tag: unused,
      remove: unused,
    },
    lease: {
      run: (change) => {
        steps.push('acquire');
        return change(lease);
      },
    },
    userRecord: async () => lease,
    budget: {
      spend: async () => {
        steps.push('spend');
        return { left: 4, resetSeconds: 60 };
      },
    },
    hold: { detach: noting('detach') },
    firstDevice: 'open',
  };
  return { context, steps };
}

const isActive: ActiveDevice[] = [{ serialNumber, enabledAt: new Date(0) }];

describe('enabling a first device', () => {
  it('detaches and lifts nothing without a guard', async () => {
    const { context, steps } = setUp(fakeLease());
    await enableFirstDevice(serialNumber, codes, context);
    expect(steps).toEqual(['acquire', 'spend', 'enable']);
  });

  it('with a pass detaches the hold once the device is enabled, and lifts the guard last', async () => {
    const { pass, stored } = newPass(recoveryId);
    const lease = fakeLease({ guard, pass: { ...stored, serialNumber } });
    const { context, steps } = setUp(lease);
    await enableFirstDevice(serialNumber, { ...codes, pass }, context);
    expect(steps).toEqual(['acquire', 'spend', 'enable', 'detach', 'lift']);
    expect(lease.guard).toBeUndefined();
  });

  it('with a pass and no guard only removes the pass', async () => {
    const { pass, stored } = newPass(recoveryId);
    const { context, steps } = setUp(fakeLease({ pass: { ...stored, serialNumber } }));
    await enableFirstDevice(serialNumber, { ...codes, pass }, { ...context, firstDevice: 'pass' });
    expect(steps).toEqual(['acquire', 'spend', 'enable', 'lift']);
  });

  it('returns what is left of the budget, or none if no codes were needed', async () => {
    const first = await enableFirstDevice(serialNumber, codes, setUp(fakeLease()).context);
    const again = await enableFirstDevice(serialNumber, codes, setUp(fakeLease(), isActive).context);
    expect([first.rateLimit, again.rateLimit]).toEqual([{ left: 4, resetSeconds: 60 }, undefined]);
  });

  it('spends no codes if the pass is wrong', async () => {
    const { stored } = newPass(recoveryId);
    const { context, steps } = setUp(fakeLease({ guard, pass: { ...stored, serialNumber } }));
    const wrong = { ...codes, pass: newPass(recoveryId).pass };
    await expect(enableFirstDevice(serialNumber, wrong, context)).rejects.toMatchObject({
      code: 'enrolment-pass-invalid',
    });
    expect(steps).toEqual(['acquire']);
  });

  it('does not reach AWS if the codes cannot be counted', async () => {
    const { context, steps } = setUp(fakeLease());
    const budget = { spend: () => Promise.reject(new Problem('upstream-failed', 'No table.')) };
    await expect(enableFirstDevice(serialNumber, codes, { ...context, budget })).rejects.toMatchObject({
      code: 'upstream-failed',
    });
    expect(steps).toEqual(['acquire']);
  });
});

describe('a failed lifting', () => {
  it.each([
    ['hold', new Problem('device-limit', 'Something of AWS.'), 'upstream-failed'],
    ['hold', new Problem('throttled', 'Later.', { retryAfter: 2 }), 'throttled'],
    ['hold', new Problem('timeout', 'Too late.'), 'timeout'],
    ['hold', new Error('broken'), 'upstream-failed'],
    ['guard', new Problem('busy', 'Lost.', { retryAfter: 2 }), 'busy'],
  ])('of the %s by %s is reported as %s, to be repeated', async (what, error, code) => {
    const { pass, stored } = newPass(recoveryId);
    const lease = fakeLease({ guard, pass: { ...stored, serialNumber } });
    const { context } = setUp(lease);
    if (what === 'hold') vi.spyOn(context.hold, 'detach').mockRejectedValue(error);
    else vi.spyOn(lease, 'liftGuard').mockRejectedValue(error);

    await expect(enableFirstDevice(serialNumber, { ...codes, pass }, context)).rejects.toMatchObject({
      code,
      message: expect.stringContaining('Repeat this call'),
      extras: { rateLimit: { left: 4, resetSeconds: 60 } },
      cause: error,
    });

    expect(lease.guard).toEqual(guard);
  });

  it('is completed by repeating the call without the pass, long after it expired', async () => {
    const { stored } = newPass(recoveryId);
    const { context, steps } = setUp(
      fakeLease({ guard, pass: { ...stored, serialNumber, expiresAt: 0 } }),
      isActive,
    );
    await enableFirstDevice(serialNumber, codes, context);
    expect(steps).toEqual(['acquire', 'detach', 'lift']);
  });
});

describe('an only active device that was not enabled with the pass', () => {
  it.each([
    ['no pass', undefined],
    ['an unbound pass', {}],
    ['a pass of another device', { serialNumber: `${serialNumber}-2` }],
    ['a pass of another recovery', { serialNumber, recoveryId: 'b'.repeat(26) }],
  ])('lifts nothing: %s', async (_why, bound) => {
    const pass = bound && { ...newPass(recoveryId).stored, ...bound };
    const { context, steps } = setUp(fakeLease({ guard, pass }), isActive);
    await enableFirstDevice(serialNumber, codes, context);
    expect(steps).toEqual([]);
  });
});

describe('a first device is not enabled', () => {
  const other = { serialNumber: `${serialNumber}-2`, enabledAt: new Date(0) };

  it('beside another that is active, which costs no codes and takes no lease', async () => {
    const { context, steps } = setUp(fakeLease(), [other]);

    await expect(enableFirstDevice(serialNumber, codes, context)).rejects.toMatchObject({
      code: 'first-device-only',
    });

    expect(steps).toEqual([]);
  });

  it('while another may be active that the list does not show yet, and costs no codes', async () => {
    const { context, steps } = setUp(fakeLease({ recent: [{ ...other, active: true, at: 0 }] }));

    await expect(enableFirstDevice(serialNumber, codes, context)).rejects.toMatchObject({ code: 'busy' });

    expect(steps).toEqual(['acquire']);
  });

  it('without its pass under a guard because a stale list still shows it', async () => {
    const recent = [{ serialNumber, active: false, at: 0 }];
    const { context, steps } = setUp(fakeLease({ guard, recent }), isActive);

    await expect(enableFirstDevice(serialNumber, codes, context)).rejects.toMatchObject({
      code: 'enrolment-pass-required',
    });

    expect(steps).toEqual(['acquire']);
  });
});

describe('a first device that is active', () => {
  it('stays so without a lease, which a stolen key could keep from its owner', async () => {
    const { context, steps } = setUp(fakeLease(), isActive);

    const { output } = await enableFirstDevice(serialNumber, codes, context);

    expect(output).toMatchObject({ serialNumber, status: 'active' });
    expect(steps).toEqual([]);
  });

  it('loses an expiry that was left on it', async () => {
    const { context } = setUp(fakeLease(), isActive);
    const tags = { 'mfa-self-service:expires-at': '2026-11-24T13:00:00.000Z' };
    vi.spyOn(context.directory, 'listTags').mockResolvedValue(tags);
    const untag = vi.spyOn(context.directory, 'untag');

    await enableFirstDevice(serialNumber, codes, context);

    expect(untag).toHaveBeenCalledWith(serialNumber, Object.keys(tags));
  });

  it('is enabled again if it was deactivated just now, whatever the list shows', async () => {
    const recent = [{ serialNumber, active: false, at: 0 }];
    const { context, steps } = setUp(fakeLease({ recent }), isActive);

    await enableFirstDevice(serialNumber, codes, context);

    expect(steps).toEqual(['acquire', 'spend', 'enable']);
  });
});

it('an enrolment under a guard is audited with its recovery', async () => {
  const { context } = setUp(fakeLease({ guard }), isActive);

  await withInvocation(async () => {
    await enableFirstDevice(serialNumber, codes, context);
    expect(currentInvocation().recovery).toEqual({ id: recoveryId });
  });
});
