import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Template } from '../../infra/cloudformation/template.ts';

const require = createRequire(import.meta.url);
/** As osls reads its state, in which an object that occurs twice is a reference to the first. */
const readByOsls: (path: string) => {
  service: { provider: Record<string, never> };
} = require('serverless/lib/utils/fs/read-file-sync.js');
const root = fileURLToPath(new URL('../../', import.meta.url));

/** What osls has written for a deployment. */
export interface Package {
  readonly createStack: Template;
  readonly updateStack: Template;
  /** What it passes to CloudFormation with either. */
  readonly stackParameters: readonly { readonly ParameterKey: string; readonly ParameterValue: string }[];
}

/** Kills a process that opens any connection. */
const noNetwork = `
  import { Socket } from 'node:net';
  Socket.prototype.connect = () => { process.stderr.write('A connection was opened'); process.exit(99); };
`;

/**
 * Packages serverless.yml in its own folder, with empty functions of the given names and the given files in config/,
 * without credentials or network. Throws an error with the output if it is refused.
 */
export function packageService(
  functions: readonly string[],
  config: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Package {
  const directory = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    cpSync(`${root}serverless.yml`, `${directory}/serverless.yml`);
    for (const name of ['infra', 'shared', 'node_modules'])
      symlinkSync(`${root}${name}`, `${directory}/${name}`);
    cpSync(`${root}config`, `${directory}/config`, { recursive: true });
    for (const [name, text] of Object.entries(config)) writeFileSync(`${directory}/config/${name}`, text);
    for (const name of functions) {
      mkdirSync(`${directory}/dist/${name}`, { recursive: true });
      writeFileSync(`${directory}/dist/${name}/index.mjs`, 'export const handler = () => {};');
    }
    runServerless(directory, options);
    const written = `${directory}/.serverless`;
    // Not from the file that is named after it, but from its state osls takes the first template of a new stack.
    const { provider } = readByOsls(`${written}/serverless-state.json`).service;
    return {
      createStack: provider['coreCloudFormationTemplate'] ?? missing('template of a new stack'),
      updateStack: JSON.parse(readFileSync(`${written}/cloudformation-template-update-stack.json`, 'utf8')),
      stackParameters: provider['stackParameters'] ?? missing('parameters'),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function missing(what: string): never {
  throw new Error(`osls has written no ${what}`);
}

function runServerless(directory: string, options: readonly string[]): void {
  const serverless = require.resolve('serverless/bin/serverless.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [serverless, 'package', ...options], {
    cwd: directory,
    encoding: 'utf8',
    env: {
      HOME: directory,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noNetwork)}`,
    },
  });
  if (status !== 0) throw new Error(`${stdout}${stderr}`);
}
