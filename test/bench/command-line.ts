import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { userKeys } from '../support/stack.ts';
import { interleave, timed } from './measure.ts';
import type { RunningStack } from './processes/stack.ts';
import { ratioRow } from './ratio.ts';
import type { Row } from './row.ts';

export interface CommandLineOptions {
  /** Folder for the commands' home. */
  readonly directory: string;
  /** Starts of Node. */
  readonly starts: number;
  /** Runs of each command that calls AWS. */
  readonly runs: number;
}

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

type Environment = Readonly<Record<string, string | undefined>>;

const folder = new URL('../../clients/cli/', import.meta.url);
const pathOf = (path: string): string => fileURLToPath(new URL(path, folder));
const iamMfa: Command = [process.execPath, pathOf('dist/iam-mfa.js')];

/** Whole processes of the command line, as published, against the AWS CLI and bare Node. */
export async function commandLineRows(
  stack: RunningStack,
  { directory, starts, runs }: CommandLineOptions,
): Promise<readonly Row[]> {
  execFileSync(process.execPath, [pathOf('tools/build.ts')]);
  const env = bobsEnvironment(stack, `${directory}/home`);
  return [await statusRow(env, runs), await startRow(env, starts)];
}

/** The environment of both commands: bob's keys, the endpoints and an empty home. */
function bobsEnvironment({ apiUrl, awsUrl }: RunningStack, home: string): Environment {
  mkdirSync(home);
  const { accessKeyId, secretAccessKey } = userKeys('bob');
  // biome-ignore lint/style/noProcessEnv: programs are found by it
  const { PATH } = process.env;
  return {
    PATH,
    HOME: home,
    AWS_CONFIG_FILE: `${home}/config`,
    AWS_SHARED_CREDENTIALS_FILE: `${home}/credentials`,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: awsUrl,
    IAM_MFA_API_URL: apiUrl,
  };
}

async function statusRow(env: Environment, runs: number): Promise<Row> {
  const what = 'iam-mfa status / aws iam list-mfa-devices';
  const reach = { atMost: 0.25 };
  const aws = versionOf(['aws', '--version'], env);
  if (aws === undefined) {
    const detail = 'aws is not installed: https://docs.aws.amazon.com/cli';
    return { what, value: undefined, unit: '', reach, detail };
  }
  const contestants = {
    status: run([...iamMfa, 'status'], env, /phone/),
    list: run(['aws', 'iam', 'list-mfa-devices'], env, /phone/),
  };
  // Starts the API's functions, and brings both commands' files into the page cache.
  await interleave(contestants, 2);
  const { status, list } = await interleave(contestants, runs);
  return ratioRow(what, status, list, { reach, note: aws });
}

async function startRow(env: Environment, starts: number): Promise<Row> {
  const contestants = {
    version: run([...iamMfa, '--version'], env, /^\d/),
    bare: run([process.execPath, '-e', '0'], env, /^$/),
  };
  await interleave(contestants, 2);
  const { version, bare } = await interleave(contestants, starts);
  return ratioRow('iam-mfa --version / node -e 0', version, bare, { reach: { below: 2 } });
}

/** The first word of a command's version output. Undefined if the command does not run. */
export function versionOf(command: Command, env: Environment): string | undefined {
  try {
    return outputOf(command, env).split(/\s/)[0];
  } catch {
    return undefined;
  }
}

/** Milliseconds of one run of a command. Throws if the output is not the expected one. */
export const run = (command: Command, env: Environment, expected: RegExp) => (): Promise<number> =>
  timed(() => {
    const output = outputOf(command, env);
    if (!expected.test(output)) throw new Error(`${command.join(' ')} wrote: ${output}`);
  });

const outputOf = ([program, ...args]: Command, env: Environment): string =>
  execFileSync(program, args, { env: { ...env }, encoding: 'utf8', stdio: 'pipe' });
