import { AwsV4Signer } from 'aws4fetch';
import type { SigningKeys } from '../support/sign.ts';
import { consecutiveTotps, totpAt } from '../support/totp.ts';
import type { KnownDevice } from './person.ts';
import type { World } from './world.ts';

/** Two consecutive codes of a device, by the local clock. */
export const codesOf = ({ control }: World, { seed }: KnownDevice) => consecutiveTotps(seed, control.now());

/** A presigned GetSessionToken request with the device's code. */
export async function presigned(
  { control, stack }: World,
  { accessKeyId, secretAccessKey }: SigningKeys,
  { seed, serialNumber }: KnownDevice,
): Promise<string> {
  const url = new URL(stack.awsUrl);
  url.search = new URLSearchParams({
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    DurationSeconds: '129600',
    SerialNumber: serialNumber,
    TokenCode: totpAt(seed, control.now()),
    'X-Amz-Expires': '300',
  }).toString();
  const place = { service: 'sts', region: 'us-east-1', signQuery: true };
  const signer = new AwsV4Signer({ url: url.href, accessKeyId, secretAccessKey, ...place });
  return (await signer.sign()).url.href;
}
