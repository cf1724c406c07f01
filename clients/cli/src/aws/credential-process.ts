import { usageFailure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { type AccountCredentials, credentialsOf } from './credentials-of.ts';
import { shellWords } from './shell-words.ts';

/** The profiles whose commands led here, one per line, so that none keeps starting itself. */
const nestedVariable = 'IAM_MFA_CREDENTIAL_PROCESS';

/** Milliseconds; the command may prompt the user. */
const timeout = 120_000;

/** Runs a profile's `credential_process` without a shell. Its output is never shown. */
export async function processCredentials(
  command: string,
  profile: string,
  env: Environment,
): Promise<AccountCredentials> {
  const running = (env[nestedVariable] ?? '').split('\n');
  if (running.includes(profile)) {
    throw usageFailure(
      `The credential_process of profile "${profile}" uses that same profile. Point it at the profile with your ` +
        'access key, using --profile.',
    );
  }
  const whose = `The credential_process of profile "${profile}"`;
  const [program, ...args] = shellWords(command) ?? [];
  if (!program) throw usageFailure(`${whose} is not a valid command: check its quotes.`);
  const nested = { ...env, [nestedVariable]: [...running, profile].filter(Boolean).join('\n') };
  const found = parse(await outputOf(program, args, nested, whose));
  if (found === undefined) throw usageFailure(`${whose} printed no credentials.`);
  return found;
}

/** Returns its standard output. It may prompt at the terminal, and receives Ctrl-C there. */
async function outputOf(
  program: string,
  args: readonly string[],
  env: Environment,
  whose: string,
): Promise<string> {
  // Loaded lazily: few commands get here, and it adds a tenth to their run time.
  const { spawn } = await import('node:child_process');
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, timeout, stdio: ['inherit', 'pipe', 'ignore'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
    child.on('error', ({ message }) =>
      reject(usageFailure(`${whose} could not be started (no shell is used): ${message}`)),
    );
    child.on('close', (exitCode) =>
      exitCode === 0 ? resolve(output) : reject(usageFailure(`${whose} failed. Run it yourself to see why.`)),
    );
  });
}

/** Source: AWS CLI User Guide, "Sourcing credentials with an external process". */
function parse(output: string): AccountCredentials | undefined {
  try {
    const { Version, AccessKeyId, SecretAccessKey, SessionToken, AccountId } = Object(JSON.parse(output));
    if (Version !== 1 || typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string')
      return undefined;
    const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
    return credentialsOf(AccessKeyId, SecretAccessKey, {
      token: text(SessionToken),
      accountId: text(AccountId),
    });
  } catch {
    return undefined;
  }
}
