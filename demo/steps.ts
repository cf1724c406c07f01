import { presignGetSessionToken } from '../clients/typescript/src/sign.ts';
import { deployment } from '../local-aws/deployment.ts';
import { createdDevice, enabledDevice, session } from '../shared/contract/schemas.ts';
import { qrCodeTerminal } from '../shared/devices/qr-code.ts';
import { Authenticator } from './authenticator.ts';
import { shortened } from './console-printer.ts';
import type { ScenarioRunner, Signer, Step } from './scenario.ts';

/** Whose sessions, and where STS is. */
export interface Sts {
  /** A user's long-term keys. */
  readonly signer: Signer;
  readonly endpoint: string;
}

/** Creates a virtual device, and gives the authenticator that scanned its QR code. */
export async function createDevice(
  runner: ScenarioRunner,
  { qrCode = false, ...step }: Step & { readonly qrCode?: boolean },
): Promise<Authenticator> {
  const created = await runner.succeeds({
    ...step,
    status: 201,
    answer: createdDevice,
    shows: ({ serialNumber, status, label, expiresAt, base32Seed }) => {
      return { serialNumber, status, label, expiresAt, base32Seed };
    },
  });
  if (qrCode) runner.printer.qrCode(qrCodeTerminal(created.otpauthUri));
  return new Authenticator(created, runner.now);
}

/** Enables or resynchronises a device. */
export async function enableDevice(runner: ScenarioRunner, step: Step): Promise<void> {
  await runner.succeeds({
    ...step,
    status: 200,
    answer: enabledDevice,
    holds: ({ status }) => status === 'active',
    shows: ({ id, status, usableForSessionsFrom }) => ({ id, status, usableForSessionsFrom }),
  });
}

/** Asks for a session with the code that the device shows now. */
export async function getSession(
  runner: ScenarioRunner,
  sentence: string,
  sts: Sts,
  device: Authenticator,
): Promise<Signer> {
  const keys = await runner.succeeds({
    sentence,
    ...(await sessionRequest(sts, device)),
    status: 201,
    answer: session,
    shows: ({ accessKeyId, secretAccessKey, sessionToken, expiration }) => ({
      accessKeyId,
      secretAccessKey: shortened(secretAccessKey),
      sessionToken: shortened(sessionToken),
      expiration,
    }),
  });
  return { name: `the session ${keys.accessKeyId}`, keys };
}

/** The request for a session, with a GetSessionToken request that was signed for STS. */
export async function sessionRequest({ signer, endpoint }: Sts, device: Authenticator) {
  const { serialNumber } = device;
  const code = device.code();
  const { region } = deployment;
  const request = { serialNumber, code, duration: 3600, endpoint, region };
  const presignedUrl = await presignGetSessionToken(request, signer.keys);
  return {
    signer,
    route: 'POST /v1/me/sessions',
    body: { presignedUrl },
    note: `presigned for STS, with SerialNumber ${serialNumber} and TokenCode ${code}`,
  } as const;
}
