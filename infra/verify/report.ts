import type { Finding } from './finding.ts';
import { unseen } from './limits.ts';

/** A finding as it is printed when its check ends. */
export function lineOf({ check, faults, notChecked, note }: Finding): string {
  const more = note === undefined ? '' : `: ${note}`;
  if (faults.length > 0) return [`FAILED  ${check}${more}`, ...shown(faults)].join('\n');
  if (notChecked !== undefined) return `not     ${check}${more}\n          not checked: ${notChecked}`;
  return `ok      ${check}${more}`;
}

const mostShown = 10;

const shown = (faults: readonly string[]): readonly string[] => [
  ...faults.slice(0, mostShown).map((fault) => `          ${fault}`),
  ...(faults.length > mostShown ? [`          and ${faults.length - mostShown} more`] : []),
];

/** What a run comes to. */
export function summaryOf(findings: readonly Finding[]): {
  readonly text: string;
  readonly exitCode: number;
} {
  const failed = findings.filter(isFailed).length;
  const open = findings.filter(isOpen);
  const passed = findings.length - failed - open.length;
  const gates = open.filter(({ gate }) => gate).length;
  const exitCode = failed > 0 ? 1 : Number(gates > 0) * 2;
  const lines = [
    'What the checks stand for:',
    ...table(findings),
    '',
    'Not to be seen from outside:',
    ...unseen.map((limit) => `  - ${limit}`),
    '',
    ...(exitCode === 2
      ? [`Nothing failed, but the gate is not proven: ${gates} of its checks could not be made.`]
      : []),
    `${passed} checks passed, ${failed} failed, ${open.length} not checked`,
  ];
  return { text: lines.join('\n'), exitCode };
}

const isFailed = ({ faults }: Finding): boolean => faults.length > 0;
const isOpen = (finding: Finding): boolean => !isFailed(finding) && finding.notChecked !== undefined;

/** One line for each part of the deployment: what was found of it, and why nothing was. */
function table(findings: readonly Finding[]): readonly string[] {
  const targets = [...new Set(findings.flatMap(({ standsFor }) => standsFor))].sort();
  const width = Math.max(...targets.map(({ length }) => length));
  return targets.map((target) => {
    const about = findings.filter(({ standsFor }) => standsFor.includes(target));
    return `  ${target.padEnd(width)}  ${verdictOn(about)}`;
  });
}

function verdictOn(about: readonly Finding[]): string {
  const failed = about.filter(isFailed);
  if (failed.length > 0) return `FAILED       ${failed.length} of ${about.length} checks`;
  const open = about.filter(isOpen);
  if (open.length === 0) return `ok           ${about.length} ${about.length === 1 ? 'check' : 'checks'}`;
  const whys = [...new Set(open.map(({ notChecked = '' }) => notChecked))].join('; ');
  if (open.length === about.length) return `not checked  ${whys}`;
  return `in part      ${about.length - open.length} of ${about.length} checks; ${whys}`;
}
