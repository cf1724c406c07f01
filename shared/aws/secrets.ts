import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { env } from '../config/deployment.ts';
import { Problem } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';
import type { SecretSource } from '../ticketing/ports.ts';
import { clientSettings } from './client.ts';
import { errorCodeOf, toProblem } from './errors.ts';
import { instrumentedClient } from './instrument.ts';

interface Fetched {
  readonly secrets: readonly string[];
  readonly at: number;
}

const fetched = new Map<string, Fetched>();

let client: SecretsManagerClient | undefined;

/**
 * Secrets shared with ticketing systems, from `mfa-self-service/<stage>/ticketing/<name>` of Secrets Manager. What a
 * rotation replaced is good until its label is taken away.
 */
export function ticketingSecrets(signal: AbortSignal): SecretSource {
  return {
    get: async (name, maxAgeMillis) => {
      const known = fetched.get(name);
      const age = known === undefined ? undefined : clock.now() - known.at;
      // A negative age tells of a clock that was set back.
      if (known !== undefined && age !== undefined && age >= 0 && age < maxAgeMillis) return known.secrets;
      const secrets = await fetchBoth(`mfa-self-service/${env().STAGE}/ticketing/${name}`, signal);
      fetched.set(name, { secrets, at: clock.now() });
      return secrets;
    },
  };
}

async function fetchBoth(secretId: string, signal: AbortSignal): Promise<readonly string[]> {
  const [current, previous] = await Promise.all([
    fetchOne(secretId, 'AWSCURRENT', signal),
    fetchOne(secretId, 'AWSPREVIOUS', signal).catch(missing),
  ]);
  return previous === undefined ? [current] : [current, previous];
}

/** Before the first rotation, and after the end of one, there is no previous version. */
function missing(error: unknown): undefined {
  if (error instanceof Problem && errorCodeOf(error.cause) === 'ResourceNotFound') return undefined;
  throw error;
}

async function fetchOne(SecretId: string, VersionStage: string, abortSignal: AbortSignal): Promise<string> {
  client ??= instrumentedClient(new SecretsManagerClient(clientSettings));
  try {
    const command = new GetSecretValueCommand({ SecretId, VersionStage });
    const { SecretString } = await client.send(command, { abortSignal });
    if (SecretString) return SecretString;
  } catch (error) {
    throw toProblem(error);
  }
  throw new Problem('upstream-failed', 'The secret of the ticketing system is empty or is no text.');
}
