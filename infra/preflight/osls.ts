import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { explain } from '../../shared/lib/explain.ts';
import { type ParameterValues, parameterValuesOf } from '../template/settings.ts';

/** What osls is told of where to deploy. */
export interface Target {
  readonly stage: string;
  readonly region: string;
  readonly profile?: string;
}

const service = fileURLToPath(new URL('../../', import.meta.url));
const manifest = createRequire(import.meta.url).resolve('serverless/package.json');
const osls = join(dirname(manifest), 'bin/serverless.js');

/** The parameters that osls would deploy a stage with. osls reads its settings, since they may have variables. */
export async function parametersFor({ stage, region, profile }: Target): Promise<ParameterValues> {
  const place = [
    '--stage',
    stage,
    '--region',
    region,
    ...(profile === undefined ? [] : ['--aws-profile', profile]),
  ];
  const args = [osls, 'print', '--path', 'custom.settings', '--format', 'json', ...place];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: service });
  const settings: unknown = JSON.parse(stdout);
  const file = `config/${stage}.yml`;
  if (settings === false)
    throw new Error(`There is no ${file}. With {} in it, every setting has its default.`);
  try {
    return parameterValuesOf(stage, settings);
  } catch (error) {
    throw new Error(`${file} is not valid.\n${explain(error)}`, { cause: error });
  }
}

/** Runs osls in view of whoever started this. @returns its exit status */
export async function runOsls(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [osls, ...args], { cwd: service, stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  return typeof code === 'number' ? code : 1;
}
