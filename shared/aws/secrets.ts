import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { deploymentSettings } from '../config/deployment.ts';
import { Problem } from '../contract/problem.ts';
import { clock } from '../lib/clock.ts';
import type { SecretSource } from '../ticketing/ports.ts';
import { awsCall, type Meanings } from './aws-call.ts';
import { onceClient } from './once-client.ts';

interface Fetched {
  readonly secrets: readonly string[];
  readonly at: number;
}

const fetched = new Map<string, Fetched>();

const secretsManager = onceClient(SecretsManagerClient);

/**
 * Secrets shared with ticketing systems, from `mfa-self-service/<stage>/ticketing/<name>` in Secrets Manager. After a
 * rotation the previous secret is valid until it loses its label AWSPREVIOUS.
 */
export function ticketingSecrets(signal: AbortSignal): SecretSource {
  return {
    get: async (name, maxAgeMillis) => {
      const known = fetched.get(name);
      const age = known === undefined ? undefined : clock.now() - known.at;
      // A negative age means that the clock was set back.
      if (known !== undefined && age !== undefined && age >= 0 && age < maxAgeMillis) return known.secrets;
      const secrets = await fetchBoth(
        `mfa-self-service/${deploymentSettings().STAGE}/ticketing/${name}`,
        signal,
      );
      fetched.set(name, { secrets, at: clock.now() });
      return secrets;
    },
  };
}

async function fetchBoth(secretId: string, signal: AbortSignal): Promise<readonly string[]> {
  // There is no previous version before the first rotation, or once one is complete.
  const none = { ResourceNotFound: () => [] };
  const versions = await Promise.all([
    fetchVersion(secretId, 'AWSCURRENT', signal),
    fetchVersion(secretId, 'AWSPREVIOUS', signal, none),
  ]);
  return versions.flat();
}

/** A list of the secret, or an empty one if a meaning says so. */
const fetchVersion = (
  SecretId: string,
  VersionStage: string,
  abortSignal: AbortSignal,
  meanings: Meanings<string[]> = {},
): Promise<string[]> =>
  awsCall(async () => {
    const command = new GetSecretValueCommand({ SecretId, VersionStage });
    const { SecretString } = await secretsManager().send(command, { abortSignal });
    if (SecretString) return [SecretString];
    throw new Problem('upstream-failed', 'The secret of the ticketing system is empty or not text.');
  }, meanings);
