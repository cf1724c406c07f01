import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { load } from 'js-yaml';
import { explain } from '../../shared/lib/explain.ts';
import { stepUpAges } from '../template/deployments.ts';
import { type ParameterValues, parameterValuesOf } from '../template/settings.ts';

const usage = `Usage: npm run -s parameters -- --stage <name> [--format cli|json]
Prints the settings in config/<stage>.yml as parameters of a release's template: as Key=Value lines for
"aws cloudformation deploy --parameter-overrides", or as the JSON that create-stack and create-stack-set take.
All are printed, so that none keeps the value of an earlier deployment.`;

/** The settings of a stage for a release. Throws if one of them is not valid, or not among the release's choices. */
export function releaseParametersOf(stage: string, settings: unknown): ParameterValues {
  const values = parameterValuesOf(stage, settings);
  if (!stepUpAges.map(String).includes(values.StepUpMaxAge)) {
    throw new Error(`stepUpMaxAge must be one of ${stepUpAges.join(', ')} in a release`);
  }
  return values;
}

const formats = {
  cli: (values: ParameterValues) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  json: (values: ParameterValues) =>
    `${JSON.stringify(
      Object.entries(values).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
      null,
      2,
    )}\n`,
} as const;

function main(): void {
  const { stage, format = 'cli' } = parseArgs({
    options: { stage: { type: 'string' }, format: { type: 'string' } },
  }).values;
  if (stage === undefined) throw new Error('Name the stage.');
  const print = format === 'cli' || format === 'json' ? formats[format] : undefined;
  if (print === undefined) throw new Error(`There is no format ${format}.`);
  const file = new URL(`../../config/${stage}.yml`, import.meta.url);
  process.stdout.write(print(releaseParametersOf(stage, load(readFileSync(file, 'utf8')))));
}

if (import.meta.main) {
  try {
    main();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n\n${usage}\n`);
    process.exitCode = 1;
  }
}
