import { afterEach, describe, expect, it, vi } from 'vitest';
import { clock } from '../../../shared/clock.ts';
import { hasOtherDevice } from '../../../shared/mfa/first-device.ts';

const now = 1_700_000_000_000;
const phone = { serialNumber: 'phone', enabledAt: new Date(now) };

afterEach(() => vi.restoreAllMocks());

describe('whether the user has another device', () => {
  it.each([
    ['no, with none', [], undefined, false],
    ['no, with this one alone', [phone], undefined, false],
    ['yes, with another', [{ ...phone, serialNumber: 'tablet' }], undefined, true],
    ['yes, with another beside this one', [phone, { ...phone, serialNumber: 'tablet' }], undefined, true],
    [
      'yes, when another was enabled just now and the list is old',
      [],
      { serialNumber: 'tablet', at: now - 1000 },
      true,
    ],
    [
      'yes, when another was enabled by a clock slightly ahead',
      [],
      { serialNumber: 'tablet', at: now + 1000 },
      true,
    ],
    ['no, when this one was enabled just now', [], { serialNumber: 'phone', at: now - 1000 }, false],
    [
      'no, when another was enabled long ago and is gone',
      [],
      { serialNumber: 'tablet', at: now - 300_000 },
      false,
    ],
  ])('%s', (_, active, lastEnabled, expected) => {
    vi.spyOn(clock, 'now').mockReturnValue(now);

    expect(hasOtherDevice(active, lastEnabled, 'phone')).toBe(expected);
  });
});
