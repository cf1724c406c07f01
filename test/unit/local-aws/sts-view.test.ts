import { describe, expect, it } from 'vitest';
import { StsView } from '../../../local-aws/aws/sts-view.ts';
import { codeAt, stepAt } from '../../../local-aws/aws/totp.ts';

const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const binding = { userId: 'AIDAALICE', seed, adjustment: 0 };
const serial = 'arn:aws:iam::123456789012:mfa/phone';
// The beginning of an attempt window.
const start = 180_000 * 10_000;

function verify(view: StsView, now: number, steps = 0) {
  return view.verify(serial, binding.userId, codeAt(seed, stepAt(now) + steps), now);
}

describe('StsView', () => {
  it('sees a change ten seconds later, to the millisecond', () => {
    const view = new StsView();
    view.announce(serial, binding, start);

    expect(verify(view, start + 9999)).toBe('unable');
    expect(verify(view, start + 10_000)).toBe('ok');
  });

  it('keeps an announced change when another follows', () => {
    const view = new StsView();
    view.announce(serial, binding, start);
    view.announce(serial, null, start + 6000);

    expect(verify(view, start + 12_000)).toBe('ok');
    expect(verify(view, start + 16_000, 1)).toBe('unable');
  });

  it('counts nine attempts per window, to the millisecond', () => {
    const view = new StsView();
    view.establish(serial, binding);
    const results = Array.from({ length: 10 }, () => view.verify(serial, binding.userId, '000000', start));

    expect(results).toEqual([...Array(9).fill('invalid-code'), 'unable']);
    expect(verify(view, start + 179_999)).toBe('unable');
    expect(verify(view, start + 180_000)).toBe('ok');
  });

  it('knows used codes and the budget after a restart', () => {
    const before = new StsView();
    before.establish(serial, binding);
    verify(before, start);
    const view = new StsView();
    view.restore(JSON.parse(JSON.stringify(before.rows())));

    expect(verify(view, start)).toBe('invalid-code');
    for (let attempt = 0; attempt < 7; attempt++) verify(view, start);
    expect(verify(view, start, 1)).toBe('unable');
  });

  it('forgets devices that are long gone', () => {
    const view = new StsView();
    for (let index = 0; index < 20_000; index++) {
      view.announce(`${serial}-${index}`, binding, start + index * 100);
      view.announce(`${serial}-${index}`, null, start + index * 100);
    }

    expect(view.rows().length).toBeLessThan(11_000);
  });
});
