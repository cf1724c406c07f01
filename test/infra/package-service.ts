import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The parts of a CloudFormation template that the tests look at. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly DependsOn?: readonly string[];
  readonly Properties: Readonly<Record<string, unknown>>;
}

/** Kills a process that opens any connection. */
const noNetwork = `
  import { Socket } from 'node:net';
  Socket.prototype.connect = () => { process.stderr.write('A connection was opened'); process.exit(99); };
`;

/**
 * Packages serverless.yml in its own folder, with empty functions of the given names, without credentials or
 * network. Returns the template.
 */
export function packageService(functions: readonly string[], ...options: string[]): Template {
  const directory = mkdtempSync(join(tmpdir(), 'package-'));
  try {
    cpSync(`${root}serverless.yml`, `${directory}/serverless.yml`);
    for (const name of ['infra', 'shared', 'node_modules'])
      symlinkSync(`${root}${name}`, `${directory}/${name}`);
    for (const name of functions) {
      mkdirSync(`${directory}/dist/${name}`, { recursive: true });
      writeFileSync(`${directory}/dist/${name}/index.mjs`, 'export const handler = () => {};');
    }
    runServerless(directory, options);
    return JSON.parse(
      readFileSync(`${directory}/.serverless/cloudformation-template-update-stack.json`, 'utf8'),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function runServerless(directory: string, options: readonly string[]): void {
  const serverless = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
  execFileSync(process.execPath, [serverless, 'package', ...options], {
    cwd: directory,
    encoding: 'utf8',
    stdio: 'pipe',
    env: {
      HOME: directory,
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(noNetwork)}`,
    },
  });
}
