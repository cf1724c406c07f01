import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import type { Credentials } from '../../../typescript/src/index.ts';
import { usageFailure } from '../failure.ts';
import type { Environment } from '../host.ts';
import { credentialsOf } from './credentials-of.ts';

/** Set for the command that is run, so that this one does not start itself for ever. */
const nestedVariable = 'IAM_MFA_CREDENTIAL_PROCESS';

/** Milliseconds; the command may ask somebody. */
const timeout = 120_000;

/** Runs a profile's `credential_process`. What it prints is shown to nobody. */
export async function processCredentials(
  command: string,
  profile: string,
  env: Environment,
): Promise<Credentials> {
  if (env[nestedVariable] !== undefined) {
    throw usageFailure(
      `The credential_process of the profile "${profile}" needs that profile itself. Give it another with --profile: ` +
        'the one that has your access key.',
    );
  }
  const output = await promisify(exec)(command, { env: { ...env, [nestedVariable]: '1' }, timeout }).catch(
    () => {
      throw usageFailure(
        `The credential_process of the profile "${profile}" failed. Run it by hand to see why.`,
      );
    },
  );
  const found = parse(output.stdout);
  if (found === undefined) {
    throw usageFailure(`The credential_process of the profile "${profile}" printed no credentials.`);
  }
  return found;
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
