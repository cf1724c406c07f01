import * as z from 'zod';
import { defaultPorts, portNumber } from '../ports.ts';

const environment = z.object({ AWS_PORT: portNumber.default(defaultPorts.aws) });

/** Where the local AWS is that runs on this machine: at the AWS_PORT with which it was started. */
export function localAwsUrl(): string {
  return `http://127.0.0.1:${environment.parse(process.env).AWS_PORT}`;
}

/** What the control of the local AWS answers; undefined where there is none. */
export async function askControl(awsUrl: string, path: `/_local/${string}`): Promise<unknown> {
  try {
    const answer = await fetch(new URL(path, awsUrl), { signal: AbortSignal.timeout(1000) });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
