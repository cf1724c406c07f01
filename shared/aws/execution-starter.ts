import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { recoverySettings } from '../config/recoveries.ts';
import type { ExecutionStarter } from '../recoveries/ports.ts';
import { awsCall } from './aws-call.ts';
import { onceClient } from './once-client.ts';

const lambda = onceClient(LambdaClient);

/** Invokes the function that executes recoveries; Lambda answers as soon as the event is queued. */
export const executionStarter = ({ signal }: { readonly signal: AbortSignal }): ExecutionStarter => ({
  start: async (recoveryId) => {
    const command = new InvokeCommand({
      FunctionName: recoverySettings().EXECUTOR_NAME,
      InvocationType: 'Event',
      Payload: Buffer.from(JSON.stringify({ recoveryId })),
    });
    await awsCall(() => lambda().send(command, { abortSignal: signal }));
  },
});
