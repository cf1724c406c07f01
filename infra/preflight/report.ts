import type { Finding } from './finding.ts';

const margin = ' '.repeat(13);

/** A finding as it is printed when its check ends. */
export const lineOf = ({ check, verdict, lines }: Finding): string =>
  [`${verdict.padEnd(margin.length)}${check}`, ...lines.map((line) => `${margin}  ${line}`)].join('\n');

export interface Summary {
  readonly text: string;
  /** Checks whose findings must be put right before a deployment. */
  readonly toFix: number;
  readonly notChecked: number;
}

export function summaryOf(findings: readonly Finding[]): Summary {
  const toFix = findings.filter(({ verdict }) => verdict === 'differs' || verdict === 'missing').length;
  const notChecked = findings.filter(({ verdict }) => verdict === 'not checked').length;
  const ok = findings.length - toFix - notChecked;
  return { text: `${ok} ok, ${toFix} to fix, ${notChecked} not checked`, toFix, notChecked };
}
