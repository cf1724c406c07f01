import { mapConcurrently } from '../../../../shared/lib/map-concurrently.ts';
import type { Context } from '../context.ts';
import { explain, explanationText } from '../explain.ts';
import { exitCodes, Failure, usageFailure } from '../failure.ts';
import { askAccount } from '../organisation/account-coverage.ts';
import { type ListedAccount, loadAccounts } from '../organisation/accounts-file.ts';
import { type Auditor, auditorOf } from '../organisation/auditor.ts';
import {
  type Outcome,
  reportCsv,
  reportJson,
  reportText,
  type Which,
} from '../organisation/coverage-report.ts';
import { Progress } from '../organisation/progress.ts';

export interface OrganisationCoverageOptions {
  readonly accounts: string;
  readonly state?: string | undefined;
  readonly mfa?: Which | undefined;
  readonly csv?: boolean | undefined;
}

/** Accounts asked at a time. */
const atOnce = 4;

/** Shows who has MFA in all accounts of a list. One that fails does not keep the others from being shown. */
export async function organisationCoverage(
  context: Context,
  options: OrganisationCoverageOptions,
): Promise<void> {
  if (context.options.api !== undefined || context.options.region !== undefined) {
    throw usageFailure('With --accounts, URLs and Regions come from that file. Omit --api and --region.');
  }
  const accounts = await loadAccounts(options.accounts);
  const progress = options.state === undefined ? undefined : await Progress.open(options.state);
  try {
    const outcomes = await askAll(context, accounts, progress);
    show(context, outcomes, options);
    const failed = outcomes.filter((outcome) => 'failure' in outcome).length;
    if (failed > 0) throw incomplete(failed, outcomes.length, options.state);
    await progress?.remove();
  } catch (error) {
    if (context.signal.aborted && options.state !== undefined) {
      context.terminal.note(`What was done is in ${options.state}. Run the command again to continue.`);
    }
    throw error;
  } finally {
    await progress?.close();
  }
}

async function askAll(
  context: Context,
  accounts: readonly ListedAccount[],
  progress: Progress | undefined,
): Promise<readonly Outcome[]> {
  const left = accounts.filter((listed) => progress?.of(listed) === undefined);
  const kept = accounts.length - left.length;
  if (kept > 0) context.terminal.note(`${kept} of ${accounts.length} accounts were asked before.`);
  const auditor = await auditorOf(context, left);
  const work = mapConcurrently(accounts, atOnce, (listed) => ask(context, auditor, listed, progress));
  return context.terminal.during(`Asking ${left.length} accounts`, work);
}

async function ask(
  { signal }: Context,
  auditor: Auditor,
  listed: ListedAccount,
  progress: Progress | undefined,
): Promise<Outcome> {
  const before = progress?.of(listed);
  if (before !== undefined) return { listed, coverage: before };
  try {
    const coverage = await askAccount(listed, await auditor(listed), signal);
    await progress?.add(listed, coverage);
    return { listed, coverage };
  } catch (error) {
    signal.throwIfAborted();
    return { listed, failure: explain(error) };
  }
}

function show(
  { terminal }: Context,
  outcomes: readonly Outcome[],
  { csv, mfa = 'any' }: OrganisationCoverageOptions,
): void {
  if (csv) terminal.file(reportCsv(outcomes, mfa));
  else terminal.result(reportJson(outcomes, mfa), () => reportText(outcomes, mfa));
  if (terminal.json && !csv) return;
  for (const outcome of outcomes) {
    if (!('failure' in outcome)) continue;
    const { name, url } = outcome.listed;
    terminal.show([
      '\n',
      { style: 'red', text: `${name} (${url}):` },
      ` ${explanationText(outcome.failure)}`,
    ]);
  }
}

function incomplete(failed: number, all: number, state: string | undefined): Failure {
  const remedy =
    state === undefined
      ? 'With --state FILE, the next run would ask only them.'
      : 'Run the command again to ask only them.';
  const message = `${failed} of ${all} accounts did not answer, and are not in the totals. ${remedy}`;
  return new Failure(exitCodes.refused, 'incomplete', message);
}
