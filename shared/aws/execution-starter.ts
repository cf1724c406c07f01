import { recoverySettings } from '../config/recoveries.ts';
import type { ExecutionStarter } from '../recoveries/ports.ts';
import { invokeLater } from './invoke-later.ts';

/** Invokes the function that executes recoveries, without waiting for it. */
export const executionStarter = ({ signal }: { readonly signal: AbortSignal }): ExecutionStarter => ({
  start: (recoveryId) => invokeLater(recoverySettings().EXECUTOR_NAME, { recoveryId }, signal),
});
