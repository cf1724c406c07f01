import { describe, expect, it } from 'vitest';
import { codeAt, findPair, stepAt, stepsForCode } from '../../../local-aws/aws/totp.ts';

// The secret of RFC 6238 appendix B, "12345678901234567890".
const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('codeAt', () => {
  // The last six of the RFC's eight digits.
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('gives the code of RFC 6238 at %i seconds', (seconds, code) => {
    expect(codeAt(seed, stepAt(seconds * 1000))).toBe(code);
  });
});

describe('findPair', () => {
  const adjustedStep = 50_000_000;
  const pair = (step: number) => [codeAt(seed, step - 1), codeAt(seed, step)] as const;

  it.each([-998, -1, 0, 1, 1000])('finds a second code %i steps away', (distance) => {
    const step = adjustedStep + distance;

    expect(findPair(seed, pair(step), { adjustedStep })).toBe(step);
  });

  it.each([-999, 1001])('does not look %i steps away', (distance) => {
    expect(findPair(seed, pair(adjustedStep + distance), { adjustedStep })).toBeUndefined();
  });

  it.each([
    [-2, undefined],
    [-1, undefined],
    [0, undefined],
    [1, undefined],
    [2, adjustedStep + 2],
  ])('takes only codes that are both newer than the last: %i', (distance, found) => {
    const options = { adjustedStep, lastStep: adjustedStep };

    expect(findPair(seed, pair(adjustedStep + distance), options)).toBe(found);
  });
});

describe('stepsForCode', () => {
  it.each([
    [-3, []],
    [-2, [99_998]],
    [2, [100_002]],
    [3, []],
  ])('knows codes within two steps: %i', (distance, steps) => {
    expect(stepsForCode(seed, codeAt(seed, 100_000 + distance), 100_000)).toEqual(steps);
  });
});
