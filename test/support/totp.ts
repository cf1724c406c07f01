import { Secret, TOTP } from 'otpauth';

/** The code for a base32 seed at a time in milliseconds since the epoch. */
export function totpAt(seed: string, ms: number): string {
  return new TOTP({ secret: Secret.fromBase32(seed), algorithm: 'SHA1', digits: 6, period: 30 }).generate({
    timestamp: ms,
  });
}

/** The codes at a time and 30 seconds later, as IAM needs them to enable a device. */
export function consecutiveTotps(
  seed: string,
  ms: number,
): { readonly code1: string; readonly code2: string } {
  return { code1: totpAt(seed, ms), code2: totpAt(seed, ms + 30_000) };
}
