import { describe, expect, it } from 'vitest';
import { assertNoOtherDevice } from '../../../shared/devices/first-device.ts';

const device = (serialNumber: string) => ({ serialNumber, enabledAt: new Date(0) });
const change = (serialNumber: string, active: boolean) => ({ serialNumber, active, at: 0 });

describe('a first device', () => {
  it.each([
    ['with none', [], []],
    ['with itself alone', [device('phone')], []],
    ['when itself was enabled just now', [], [change('phone', true)]],
    ['when another was taken away just now', [], [change('tablet', false)]],
  ])('is allowed %s', (_, active, recent) => {
    expect(() => assertNoOtherDevice(active, recent, 'phone')).not.toThrow();
  });

  it.each([
    ['with another', [device('tablet')], []],
    ['with another beside itself', [device('phone'), device('tablet')], []],
    ['when another was taken away just now, but is listed', [device('tablet')], [change('tablet', false)]],
  ])('is refused %s', (_, active, recent) => {
    expect(() => assertNoOtherDevice(active, recent, 'phone')).toThrowError(
      expect.objectContaining({ code: 'first-device-only' }),
    );
  });

  it('has to wait when another was enabled just now, which the list does not show, or which came to nothing', () => {
    expect(() => assertNoOtherDevice([], [change('tablet', true)], 'phone')).toThrowError(
      expect.objectContaining({ code: 'busy', extras: { retryAfter: 5 } }),
    );
  });
});
