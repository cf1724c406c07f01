import { service } from '../template/resource-names.ts';
import { awsClients, closeClients } from './aws.ts';
import type { Finding } from './finding.ts';
import { parametersFor, type Target } from './osls.ts';
import { preflight } from './preflight.ts';
import { lineOf, type Summary, summaryOf } from './report.ts';

export interface RunOptions extends Target {
  readonly restorePolicy?: boolean;
}

/** Runs the preflight for a stage and prints each finding as soon as there is one. */
export async function runPreflight(options: RunOptions, print: (line: string) => void): Promise<Summary> {
  const { stage, region, profile, restorePolicy = false } = options;
  const values = await parametersFor(options);
  const aws = awsClients({ region, ...(profile !== undefined && { profile }) });
  const findings: Finding[] = [];
  try {
    const deployment = { region, stackName: `${service}-${stage}`, values, restorePolicy };
    for await (const found of preflight(aws, deployment)) {
      print(lineOf(found));
      findings.push(found);
    }
  } finally {
    closeClients(aws);
  }
  const summary = summaryOf(findings);
  print(`\n${summary.text}`);
  return summary;
}
