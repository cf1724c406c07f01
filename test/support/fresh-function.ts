import { vi } from 'vitest';
import { apiEnv } from './api-event.ts';

/** Until `vi.unstubAllEnvs`. */
export function stubEnvs(variables: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
}

/**
 * Starts a function with nothing cached and no connections: modules imported from now on are its own. It reads
 * these variables, in addition to {@link apiEnv}, and the given clock instead of real time.
 */
export async function freshFunction(
  variables: Readonly<Record<string, string>>,
  now?: () => number,
): Promise<void> {
  vi.resetModules();
  stubEnvs({
    ...apiEnv,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...variables,
  });
  if (now === undefined) return;
  const { clock } = await import('../../shared/lib/clock.ts');
  clock.now = now;
}
