import {
  type CreatedDevice,
  type EnabledDevice,
  presignGetSessionToken,
  type Session,
} from '../clients/typescript/src/index.ts';
import { deployment } from '../local-aws/deployment.ts';
import { qrCodeTerminal } from '../shared/devices/qr-code.ts';
import { Authenticator } from './authenticator.ts';
import { shortened } from './console-printer.ts';
import type { ScenarioRunner, Signer } from './scenario.ts';

/** Creates a virtual device and returns an authenticator that has scanned its QR code. */
export async function createDevice(
  runner: ScenarioRunner,
  sentence: string,
  create: () => Promise<CreatedDevice>,
  { qrCode = false } = {},
): Promise<Authenticator> {
  const created = await runner.succeeds(sentence, create, {
    shows: ({ serialNumber, status, label, expiresAt, base32Seed }) => {
      return { serialNumber, status, label, expiresAt, base32Seed };
    },
  });
  if (qrCode) runner.printer.qrCode(qrCodeTerminal(created.otpauthUri));
  return new Authenticator(created, runner.now);
}

/** Enables or resynchronises a device. */
export async function enableDevice(
  runner: ScenarioRunner,
  sentence: string,
  enable: () => Promise<EnabledDevice>,
): Promise<void> {
  await runner.succeeds(sentence, enable, {
    holds: ({ status }) => status === 'active',
    shows: ({ id, status, usableForSessionsFrom }) => ({ id, status, usableForSessionsFrom }),
  });
}

/** Gets a session with the device's current code. */
export async function getSession(
  runner: ScenarioRunner,
  sentence: string,
  user: Signer,
  device: Authenticator,
): Promise<Signer> {
  const { send, note } = sessionRequest(runner, user, device);
  const session = await runner.succeeds(sentence, send, {
    note,
    shows: ({ accessKeyId, secretAccessKey, sessionToken, expiration }) => ({
      accessKeyId,
      secretAccessKey: shortened(secretAccessKey),
      sessionToken: shortened(sessionToken),
      expiration,
    }),
  });
  const { expiration: _, ...keys } = session;
  return runner.signer(`the session ${keys.accessKeyId}`, keys);
}

/** How a user requests a session: with a GetSessionToken request presigned for STS. */
export function sessionRequest({ awsUrl }: ScenarioRunner, { keys, client }: Signer, device: Authenticator) {
  const { serialNumber } = device;
  const code = device.code();
  const request = { serialNumber, code, duration: 3600, endpoint: awsUrl, region: deployment.region };
  return {
    send: async (): Promise<Session> =>
      client.createSession({ presignedUrl: await presignGetSessionToken(request, keys) }),
    note: `presigned for STS, with SerialNumber ${serialNumber} and TokenCode ${code}`,
  };
}
