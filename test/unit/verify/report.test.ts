import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../infra/verify/finding.ts';
import { lineOf, summaryOf } from '../../../infra/verify/report.ts';

const finding = (changes: Partial<Finding> = {}): Finding => ({
  check: 'a check',
  standsFor: ['resource policy: A'],
  faults: [],
  gate: false,
  ...changes,
});
const passed = finding();
const failed = finding({ faults: ['GET /v1/me: 500'] });
const open = finding({ notChecked: 'give --smoke' });
const openGate = finding({ notChecked: 'give --wait', gate: true });

describe('the exit status', () => {
  it.each([
    ['0 if everything passed', [passed], 0],
    ['0 if something other than the gate was not checked', [passed, open], 0],
    ['2 if the gate is not proven', [passed, open, openGate], 2],
    ['1 if something failed', [passed, openGate, failed], 1],
  ])('is %s', (_, findings, exitCode) => {
    expect(summaryOf(findings).exitCode).toBe(exitCode);
  });
});

describe('the summary', () => {
  it('counts each check once, and ends with the counts', () => {
    const twice = finding({ faults: ['x'], notChecked: 'why', standsFor: ['A', 'B'] });
    expect(summaryOf([passed, twice, open]).text).toMatch(/\n1 checks passed, 1 failed, 1 not checked$/);
  });

  it.each([
    ['ok           1 check', [passed]],
    ['FAILED       1 of 2 checks', [passed, failed]],
    ['in part      1 of 2 checks; give --smoke', [passed, open]],
    ['not checked  give --smoke', [open, open]],
  ])('says "%s" of a part of the deployment', (verdict, findings) => {
    expect(summaryOf(findings).text).toContain(`\n  resource policy: A  ${verdict}\n`);
  });

  it('always lists what cannot be seen from outside', () => {
    expect(summaryOf([passed]).text).toContain('THROTTLED');
  });
});

describe('the line of a finding', () => {
  it('shows what failed, but not all of it', () => {
    const faults = Array.from({ length: 13 }, (_, index) => `fault ${index}`);
    const lines = lineOf(finding({ faults })).split('\n');
    expect(lines[0]).toBe('FAILED  a check');
    expect(lines.slice(-2)).toEqual(['          fault 9', '          and 3 more']);
  });

  it('says why something was not checked', () => {
    expect(lineOf(open)).toBe('not     a check\n          not checked: give --smoke');
  });
});
