import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { recoverySettings } from '../config/recoveries.ts';
import type { ExecutionStarter } from '../recoveries/ports.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { instrumentedClient } from './instrument.ts';

let client: LambdaClient | undefined;

/** Invokes the function that executes recoveries; Lambda answers as soon as it has taken the invocation over. */
export const executionStarter = ({ signal }: { readonly signal: AbortSignal }): ExecutionStarter => ({
  start: async (recoveryId) => {
    client ??= instrumentedClient(new LambdaClient(clientSettings));
    const command = new InvokeCommand({
      FunctionName: recoverySettings().EXECUTOR_NAME,
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
