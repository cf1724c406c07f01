import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { awsCall } from './aws-call.ts';
import { onceClient } from './once-client.ts';

const lambda = onceClient(LambdaClient);

/**
 * Invokes a function asynchronously: Lambda answers as soon as it has queued the payload. Throws a `Problem`:
 * `upstream-failed`, `throttled` or `timeout`.
 */
export async function invokeLater(functionName: string, payload: object, signal: AbortSignal): Promise<void> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: 'Event',
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  await awsCall(() => lambda().send(command, { abortSignal: signal }));
}
