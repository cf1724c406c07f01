import * as z from 'zod';
import { defaultPorts, portNumber } from '../ports.ts';

const environment = z.object({ AWS_PORT: portNumber.default(defaultPorts.aws) });

/** The URL of the local AWS on this machine, at the AWS_PORT it was started with. */
export function localAwsUrl(): string {
  return `http://127.0.0.1:${environment.parse(process.env).AWS_PORT}`;
}

/** The control API's response; undefined if no local AWS responds. */
export async function askControl(awsUrl: string, path: `/_local/${string}`): Promise<unknown> {
  try {
    const answer = await fetch(new URL(path, awsUrl), { signal: AbortSignal.timeout(1000) });
    return answer.ok ? await answer.json() : undefined;
  } catch {
    return undefined;
  }
}
