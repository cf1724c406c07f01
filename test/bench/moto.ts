import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import {
  CreateUserCommand,
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { endProcess } from './child.ts';

export interface Moto {
  readonly url: string;
  end(): Promise<void>;
}

/** Starts moto server on its own port, with a user bob who has one device. Undefined if it is not installed. */
export async function startMoto(): Promise<Moto | undefined> {
  const moto = spawn('moto_server', ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  const url = await Promise.race([urlOf(moto), once(moto, 'exit').then(() => undefined), missing(moto)]);
  if (url === undefined) return undefined;
  await addBob(url);
  return { url, end: () => endProcess(moto) };
}

async function missing(moto: ChildProcess): Promise<undefined> {
  await new Promise((resolve) => moto.once('error', resolve));
  return undefined;
}

/** Reads the port from moto's log; the rest is drained so that moto never blocks on its output. */
function urlOf({ stderr }: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (stderr === null) return resolve(undefined);
    createInterface({ input: stderr }).on('line', (line) => {
      const [, url] = /Running on (http:\S+)/.exec(line) ?? [];
      if (url !== undefined) resolve(url);
    });
  });
}

async function addBob(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials });
  const UserName = 'bob';
  await iam.send(new CreateUserCommand({ UserName }));
  const created = await iam.send(new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'phone' }));
  const SerialNumber = created.VirtualMFADevice?.SerialNumber;
  await iam.send(
    new EnableMFADeviceCommand({
      UserName,
      SerialNumber,
      AuthenticationCode1: '123456',
      AuthenticationCode2: '654321',
    }),
  );
  iam.destroy();
}
