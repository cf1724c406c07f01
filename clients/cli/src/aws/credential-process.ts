import type { Credentials } from '../../../typescript/src/index.ts';
import { usageFailure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { credentialsOf } from './credentials-of.ts';
import { shellWords } from './shell-words.ts';

/** Names, one a line, the profiles whose commands led here, so that none starts itself for ever. */
const nestedVariable = 'IAM_MFA_CREDENTIAL_PROCESS';

/** Milliseconds; the command may ask somebody. */
const timeout = 120_000;

/** Runs a profile's `credential_process`, without a shell. What it prints is shown to nobody. */
export async function processCredentials(
  command: string,
  profile: string,
  env: Environment,
): Promise<Credentials> {
  const running = (env[nestedVariable] ?? '').split('\n');
  if (running.includes(profile)) {
    throw usageFailure(
      `The credential_process of the profile "${profile}" needs that profile itself. Give it another with --profile: ` +
        'the one that has your access key.',
    );
  }
  const whose = `The credential_process of the profile "${profile}"`;
  const [program, ...args] = shellWords(command) ?? [];
  if (!program) throw usageFailure(`${whose} is no command: look at its quotes.`);
  const nested = { ...env, [nestedVariable]: [...running, profile].filter(Boolean).join('\n') };
  const found = parse(await outputOf(program, args, nested, whose));
  if (found === undefined) throw usageFailure(`${whose} printed no credentials.`);
  return found;
}

/** What it writes to standard output. It may ask at the terminal, and sees Ctrl-C there. */
async function outputOf(
  program: string,
  args: readonly string[],
  env: Environment,
  whose: string,
): Promise<string> {
  // Few commands come here, and it takes a tenth of their time to load.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, timeout, stdio: ['inherit', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', ({ message }) =>
      reject(usageFailure(`${whose} cannot be started without a shell: ${message}`)),
    );
    child.on('close', (exitCode) =>
      exitCode === 0 ? resolve(output) : reject(usageFailure(`${whose} failed. Run it by hand to see why.`)),
    );
  });
}

/** Source: AWS CLI user guide, sourcing credentials with an external process. */
function parse(text: string): Credentials | undefined {
  try {
    const { Version, AccessKeyId, SecretAccessKey, SessionToken } = Object(JSON.parse(text));
    if (Version !== 1 || typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string')
      return undefined;
    return credentialsOf(
      AccessKeyId,
      SecretAccessKey,
      typeof SessionToken === 'string' ? SessionToken : undefined,
    );
  } catch {
    return undefined;
  }
}
