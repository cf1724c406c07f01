import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../shared/lib/clock.ts';
import { log } from '../../../shared/lib/log.ts';
import { foreign, older, ownerTag, phone, tablet, token } from '../../support/fake-devices.ts';
import type { IamDevice } from '../../support/lagging-iam.ts';
import { arbitraryOperation, type Operation } from './device-operations.ts';
import { type Fate, LaggingWorld } from './lagging-world.ts';

// All changes of a user's devices, several at a time, against an IAM that lists changes up to 15 seconds late, refuses,
// and loses answers. A failure prints the seed and path that reproduce it.

const fate: fc.Arbitrary<Fate> = fc.record({
  outcome: fc.oneof(
    { weight: 7, arbitrary: fc.constant('done' as const) },
    { weight: 2, arbitrary: fc.constant('answer-lost' as const) },
    { weight: 2, arbitrary: fc.constant('not-done' as const) },
    { weight: 1, arbitrary: fc.constant('throttled' as const) },
  ),
  everywhere: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, fc.constant(true)),
  lag: fc.oneof(fc.constant(0), fc.integer({ min: 1_000, max: 15_000 })),
  takes: fc.oneof({ weight: 9, arbitrary: fc.nat({ max: 300 }) }, fc.nat({ max: 4_000 })),
});

/** Requests of one moment, and how many milliseconds it comes after the moment before. */
interface Moment {
  readonly after: number;
  readonly requests: readonly Operation[];
}

const moment: fc.Arbitrary<Moment> = fc.record({
  after: fc.oneof(
    { weight: 6, arbitrary: fc.nat({ max: 2_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 28_000, max: 40_000 }) },
    fc.nat({ max: 400_000 }),
  ),
  requests: fc.oneof(
    { weight: 3, arbitrary: arbitraryOperation.map((operation) => [operation]) },
    fc.array(arbitraryOperation, { minLength: 2, maxLength: 3 }),
  ),
});

const pending: IamDevice = { seed: 'FIRST', tags: ownerTag(), acceptedAt: 0 };
const made: IamDevice = { ...pending, userName: 'alice', enabledAt: Date.parse('2026-11-01T08:00:00.000Z') };
const elsewhere: IamDevice = { ...made, tags: {} };
const bobs: IamDevice = { ...made, tags: ownerTag('AIDABOB0000000000001'), userName: 'bob' };

/** What alice has, beside a device of bob's. */
const devices = fc
  .constantFrom<Readonly<Record<string, IamDevice>>>(
    {},
    { [tablet]: made },
    { [phone]: pending, [tablet]: pending },
    { [phone]: made, [tablet]: pending },
    { [phone]: made, [tablet]: made },
    { [phone]: made, [token]: elsewhere },
    { [older]: elsewhere, [tablet]: pending },
    { [older]: elsewhere, [token]: elsewhere },
  )
  .map((alices) => new Map([...Object.entries(alices), [foreign, bobs]]));

const size = 'max';
const histories = {
  initially: devices,
  moments: fc.array(moment, { minLength: 1, maxLength: 9, size }),
  fates: fc.array(fate, { maxLength: 90, size }),
};

let world: LaggingWorld;

beforeEach(() => {
  vi.spyOn(clock, 'now').mockImplementation(() => world.now);
  vi.spyOn(log, 'warn').mockReturnValue(undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('whatever IAM lists, and whichever answers are lost,', () => {
  it.each([
    {
      rule: 'nobody loses their last device, and answers are true',
      allowRemovingLast: false,
      numRuns: 2_000,
    },
    { rule: 'answers are true where the last one may go', allowRemovingLast: true, numRuns: 500 },
  ])('$rule', async ({ allowRemovingLast, numRuns }) => {
    const rules = fc.record({ ...histories, allowRemovingLast: fc.constant(allowRemovingLast) });
    const property = fc.asyncProperty(rules, fc.scheduler(), async ({ moments, ...given }, scheduler) => {
      world = new LaggingWorld(given, (call) => scheduler.schedule(Promise.resolve(), call));
      for (const { after, requests } of moments) {
        world.now += after;
        await scheduler.waitFor(Promise.all(requests.map((request) => world.carryOut(request))));
      }
      expect(world.broken).toEqual([]);
    });
    await fc.assert(property, { numRuns });
  });
});
