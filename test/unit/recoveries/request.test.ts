import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Problem } from '../../../shared/contract/problem.ts';
import { recoveryRequest } from '../../../shared/contract/recovery-schemas.ts';
import { clock } from '../../../shared/lib/clock.ts';
import { currentInvocation, withInvocation } from '../../../shared/lib/invocation.ts';
import type { RecoveryRequest } from '../../../shared/recoveries/new-recovery.ts';
import { type RequestContext, requestRecovery } from '../../../shared/recoveries/request.ts';
import { requestedAt, sampleRecovery } from '../../support/recovery.ts';
import { memoryRecoveryStore } from '../../support/recovery-store.ts';

const arn = 'arn:aws:iam::123456789012';
const phone = { serialNumber: `${arn}:mfa/self-service/bob/phone`, enabledAt: new Date('2026-01-15') };
const fido = { serialNumber: `${arn}:u2f/user/bob/key`, enabledAt: new Date('2026-02-15') };
const ann = { requestedBy: 'ann', viaWebhook: false };

const bobs: RecoveryRequest = recoveryRequest.parse({
  ticket: { system: 'servicenow', id: 'INC1' },
  userName: 'bob',
  reason: 'lost',
});

interface World {
  readonly active?: readonly (typeof phone)[];
  /** UserId of who is under a guard. */
  readonly guarded?: string;
  readonly settings?: Partial<RequestContext['settings']>;
}

/** A context with bob in it, and what was counted. */
function world({ active = [phone, fido], guarded, settings = {} }: World = {}) {
  const counted: string[] = [];
  const context: RequestContext = {
    store: memoryRecoveryStore(),
    counter: {
      count: async (who, most) => {
        if (counted.filter((one) => one === who).length >= most) return false;
        counted.push(who);
        return true;
      },
    },
    guards: { isGuarded: async (userId) => userId === guarded },
    directory: {
      getUser: async () => ({ userName: 'bob', userId: 'AIDABOB', userArn: `${arn}:user/bob` }),
      listActive: async () => active,
    },
    settings: {
      approvals: 1,
      expiresAfter: 3600,
      dailyLimit: 2,
      webhookSystems: ['jira'],
      passForFirstDevice: false,
      ...settings,
    },
  };
  return { context, counted };
}

const problem = (code: string) => expect.objectContaining({ code });

beforeEach(() => {
  vi.spyOn(clock, 'now').mockReturnValue(requestedAt);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a request', () => {
  it('makes a recovery of all active devices, due when it expires', async () => {
    const { context } = world({ settings: { approvals: 2 } });

    const { recovery, created } = await requestRecovery({ ...bobs, evidence: 'called back' }, ann, context);

    expect(created).toBe(true);
    expect(recovery).toMatchObject({
      id: expect.stringMatching(/^[a-z2-7]{26}$/),
      version: 1,
      state: 'requested',
      ticket: bobs.ticket,
      evidence: 'called back',
      userId: 'AIDABOB',
      userArn: `${arn}:user/bob`,
      requestedBy: 'ann',
      requestedAt: '2026-11-02T09:20:00.000Z',
      approvals: [],
      approvalsNeeded: 2,
      expiresAt: '2026-11-02T10:20:00.000Z',
      dueAt: '2026-11-02T10:20:00.000Z',
    });
    expect(recovery.devices.map(({ serialNumber }) => serialNumber)).toEqual([
      phone.serialNumber,
      fido.serialNumber,
    ]);
    expect(recovery).not.toHaveProperty('targets');
  });

  it('takes only the devices that it names, and remembers the others', async () => {
    const { context } = world();

    const { recovery } = await requestRecovery({ ...bobs, deviceIds: ['phone'] }, ann, context);

    expect(recovery.targets).toEqual([phone.serialNumber]);
    expect(recovery.devices).toHaveLength(2);
  });

  it.each(['approved', 'executing'] as const)(
    'waits until another one that is %s has ended',
    async (state) => {
      const { context, counted } = world();
      const other = sampleRecovery({ id: 'a'.repeat(26), userId: 'AIDABOB', state });
      await context.store.create(other);

      await expect(requestRecovery(bobs, ann, context)).rejects.toEqual(problem('busy'));
      expect(counted).toEqual([]);
    },
  );

  it.each(['requested', 'objected', 'executed', 'denied', 'failed'] as const)(
    'goes beside another one that is %s',
    async (state) => {
      const { context } = world();
      await context.store.create(sampleRecovery({ id: 'a'.repeat(26), userId: 'AIDABOB', state }));

      expect((await requestRecovery(bobs, ann, context)).created).toBe(true);
    },
  );

  it('tells the audit what it wrote about whom, and not the evidence', async () => {
    const seen = await withInvocation(async () => {
      await requestRecovery({ ...bobs, evidence: 'called back' }, ann, world().context);
      return currentInvocation();
    });

    expect([...seen.changes]).toEqual(['RequestRecovery']);
    expect(seen.recovery).toMatchObject({ userName: 'bob', requestedBy: 'ann', ticket: bobs.ticket });
    expect(JSON.stringify(seen.recovery)).not.toContain('called back');
  });

  it.each([
    ['a reason that needs no recovery', { reason: 'out_of_sync' }, ann, 'resync-instead'],
    ['oneself', {}, { ...ann, requestedBy: 'Bob' }, 'separation-of-duties'],
    ['oneself in capitals', { userName: 'BOB' }, { ...ann, requestedBy: 'bob ' }, 'separation-of-duties'],
    ['a device that is not active', { deviceIds: ['phone', 'tablet'] }, ann, 'device-not-found'],
    ['a system of webhooks', { ticket: { system: 'jira', id: '1' } }, ann, 'access-denied'],
  ] as const)('for %s is refused before anything is counted', async (_what, changes, requester, code) => {
    const { context, counted } = world();
    const request = recoveryRequest.parse({ ...bobs, ...changes });

    await expect(requestRecovery(request, requester, context)).rejects.toEqual(problem(code));

    expect(counted).toEqual([]);
  });

  it('says where to resynchronise', async () => {
    await expect(requestRecovery({ ...bobs, reason: 'out_of_sync' }, ann, world().context)).rejects.toThrow(
      'POST /v1/me/resyncs',
    );
  });

  it('for a user without devices is for passes only', async () => {
    const without = world({ active: [] });
    const withPass = world({ active: [], settings: { passForFirstDevice: true } });

    await expect(requestRecovery(bobs, ann, without.context)).rejects.toEqual(problem('no-active-device'));
    await expect(requestRecovery(bobs, ann, withPass.context)).resolves.toMatchObject({
      recovery: { devices: [] },
    });
  });

  it('for a user whom another recovery left under guard without devices is for a pass, too', async () => {
    const guarded = world({ active: [], guarded: 'AIDABOB' });
    const another = world({ active: [], guarded: 'AIDAALICE' });

    await expect(requestRecovery(bobs, ann, guarded.context)).resolves.toMatchObject({
      created: true,
      recovery: { devices: [] },
    });
    await expect(requestRecovery(bobs, ann, another.context)).rejects.toEqual(problem('no-active-device'));
  });

  it('comes to nothing where it cannot be found out whether there is a guard', async () => {
    const { context, counted } = world({ active: [] });
    const isGuarded = () => Promise.reject(new Problem('upstream-failed', 'The table does not answer.'));

    const asked = requestRecovery(bobs, ann, { ...context, guards: { isGuarded } });

    await expect(asked).rejects.toEqual(problem('upstream-failed'));
    expect(counted).toEqual([]);
  });

  it('of a ticketing system may name the system that is closed to agents', async () => {
    const request = { ...bobs, ticket: { system: 'jira', id: 'HELP-1' } };

    await expect(
      requestRecovery(request, { ...ann, viaWebhook: true }, world().context),
    ).resolves.toMatchObject({ created: true });
  });
});

describe('a repeated request', () => {
  it('answers the same recovery, whoever repeats it, and counts nothing', async () => {
    const { context, counted } = world();
    const request = {
      ...bobs,
      deviceIds: ['phone', `~${Buffer.from(fido.serialNumber).toString('base64url')}`],
    };
    const first = await requestRecovery(request, ann, context);

    const again = await requestRecovery(
      { ...request, deviceIds: request.deviceIds.toReversed() },
      { ...ann, requestedBy: 'abe' },
      context,
    );

    expect(again).toEqual({ recovery: first.recovery, created: false });
    expect(counted).toEqual(['ann']);
  });

  it.each([
    ['user', { userName: 'alice' }],
    ['reason', { reason: 'stolen' }],
    ['devices', { deviceIds: ['phone'] }],
    ['evidence', { evidence: 'none' }],
    ['address of the ticket', { ticket: { ...bobs.ticket, url: 'https://desk.example.com/1' } }],
  ])('for the same ticket with another %s is refused', async (_what, changes) => {
    const { context, counted } = world();
    await requestRecovery(bobs, ann, context);

    const other = requestRecovery(recoveryRequest.parse({ ...bobs, ...changes }), ann, context);

    await expect(other).rejects.toEqual(problem('recovery-exists'));
    expect(counted).toEqual(['ann']);
  });

  it('for the same ticket with another device is refused', async () => {
    const { context } = world();
    const request = { ...bobs, deviceIds: ['phone'] };
    await requestRecovery(request, ann, context);
    const otherId = `~${Buffer.from(fido.serialNumber).toString('base64url')}`;

    const other = requestRecovery({ ...request, deviceIds: [otherId] }, ann, context);

    await expect(other).rejects.toEqual(problem('recovery-exists'));
  });

  it('at the same time answers what the other one made', async () => {
    const { context } = world();

    const both = await Promise.all([1, 2].map(() => requestRecovery(bobs, ann, context)));

    expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
    expect(both[0]?.recovery).toEqual(both[1]?.recovery);
  });

  it('is told from one of another system with the same ticket id', async () => {
    const { context } = world();
    const first = await requestRecovery(bobs, ann, context);

    const other = await requestRecovery({ ...bobs, ticket: { system: 'zendesk', id: 'INC1' } }, ann, context);

    expect(other.created).toBe(true);
    expect(other.recovery.id).not.toBe(first.recovery.id);
  });
});

describe('the cap of a day', () => {
  const ticket = (id: number, system = 'servicenow') => ({ ...bobs, ticket: { system, id: `INC${id}` } });

  it('holds for each person, however they write their name', async () => {
    const { context } = world();
    await requestRecovery(ticket(1), ann, context);
    await requestRecovery(ticket(2), { ...ann, requestedBy: 'ANN' }, context);

    const third = requestRecovery(ticket(3), { ...ann, requestedBy: ' ann' }, context);

    await expect(third).rejects.toMatchObject({
      code: 'recovery-limit',
      // Until midnight.
      extras: { retryAfter: 52_800 },
    });
    await expect(requestRecovery(ticket(3), { ...ann, requestedBy: 'abe' }, context)).resolves.toBeDefined();
  });

  it('holds tenfold for a ticketing system, whoever it names', async () => {
    const { context } = world();
    const request = (number: number) =>
      requestRecovery(ticket(number, 'jira'), { requestedBy: `person ${number}`, viaWebhook: true }, context);
    for (let number = 1; number <= 20; number += 1) await request(number);

    await expect(request(21)).rejects.toEqual(problem('recovery-limit'));
  });

  it('of a system is not used up by a person of that name', async () => {
    const { context, counted } = world();

    await requestRecovery(ticket(1), { ...ann, requestedBy: 'system jira' }, context);
    await requestRecovery(ticket(2, 'jira'), { ...ann, viaWebhook: true }, context);

    expect(counted).toEqual(['system jira', 'ann', 'system#jira']);
  });
});
