import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { ExecutionStarter } from '../recovery/ports.ts';
import { recoveryEnv } from '../recovery-env.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { observedClient } from './observe.ts';

let client: LambdaClient | undefined;

/** Invokes the function that executes recoveries; Lambda answers as soon as it has taken the invocation over. */
export const executionStarter = ({ signal }: { readonly signal: AbortSignal }): ExecutionStarter => ({
  start: async (recoveryId) => {
    client ??= observedClient(new LambdaClient(clientSettings));
    const command = new InvokeCommand({
      FunctionName: recoveryEnv().EXECUTOR_NAME,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ recoveryId })),
    });
    try {
      await client.send(command, { abortSignal: signal });
    } catch (error) {
      throw toProblem(error);
    }
  },
});
