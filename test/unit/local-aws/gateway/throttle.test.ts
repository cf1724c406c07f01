import { describe, expect, it } from 'vitest';
import { TokenBucket } from '../../../../local-aws/gateway/throttle.ts';

function bucket(rate: number, burst: number) {
  let now = 0;
  const tokens = new TokenBucket({ rate, burst }, () => now);
  /** How many of so many requests pass at that millisecond. */
  return (millis: number, requests: number) => {
    now = millis;
    return Array.from({ length: requests }, () => tokens.take()).filter(Boolean).length;
  };
}

describe('a token bucket', () => {
  it('lets a burst through, then the rate', () => {
    const passing = bucket(10, 3);
    expect(passing(0, 5)).toBe(3);
    expect(passing(99, 1)).toBe(0);
    expect(passing(100, 2)).toBe(1);
    expect(passing(350, 5)).toBe(2);
  });

  it('keeps no more than a burst, however long nobody comes', () => {
    const passing = bucket(10, 3);
    expect(passing(3_600_000, 10)).toBe(3);
  });

  it('counts parts of tokens', () => {
    const passing = bucket(0.5, 1);
    expect(passing(0, 2)).toBe(1);
    expect(passing(1000, 1)).toBe(0);
    expect(passing(2000, 2)).toBe(1);
  });

  it('lets nobody through without a burst', () => {
    expect(bucket(10, 0)(5000, 3)).toBe(0);
  });
});
