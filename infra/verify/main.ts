import { setTimeout as sleep } from 'node:timers/promises';
import { explain } from '../../shared/lib/explain.ts';
import type { Client } from './client.ts';
import type { Check, Finding } from './finding.ts';
import { apiOf, subjectOf } from './identities.ts';
import { optionsIn, usage } from './options.ts';
import { lineOf, summaryOf } from './report.ts';
import { verify } from './verify.ts';

async function main(): Promise<void> {
  const given = optionsIn(process.argv.slice(2));
  if (given === undefined) return print(usage);
  const api = await apiOf(given);
  const subject = await subjectOf(given, api, waitVisibly);
  const stopProgress = showProgress(api.client);
  const findings: Finding[] = [];
  try {
    for await (const finding of verify(subject, untilInterrupted())) {
      print(lineOf(finding));
      findings.push(finding);
    }
  } finally {
    stopProgress();
  }
  const { text, exitCode } = summaryOf(findings);
  print(`\n${text}`);
  process.exitCode = exitCode;
}

/** After Ctrl+C only what cleans up is still done. */
function untilInterrupted(): (check: Check) => boolean {
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    process.stderr.write('Interrupted: cleaning up. Once more ends it at once.\n');
  });
  return ({ cleansUp = false }) => !interrupted || cleansUp;
}

/** Counts requests on a terminal, where a run takes minutes. */
function showProgress(client: Client): () => void {
  if (!process.stderr.isTTY) return () => undefined;
  const timer = setInterval(() => process.stderr.write(`\r${client.sent} requests \r`), 1000);
  return () => clearInterval(timer);
}

async function waitVisibly(millis: number): Promise<void> {
  process.stderr.write(`Waiting for ${Math.ceil(millis / 1000)} seconds.\n`);
  await sleep(millis);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n\n${usage}\n`);
  process.exitCode = 1;
});
