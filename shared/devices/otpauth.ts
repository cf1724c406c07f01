/** What an authenticator app shows for a device. */
export interface OtpauthNames {
  readonly issuer: string;
  readonly label: string;
}

/**
 * The URI that adds a device to an authenticator app: TOTP with SHA-1, 6 digits and 30 seconds, which is what AWS uses.
 * Source: Google Authenticator's key URI format.
 * @param base32Seed RFC 4648 base32 without padding
 */
export function otpauthUri(base32Seed: string, { issuer, label }: OtpauthNames): string {
  const name = `${encodeURIComponent(issuer)}:${encodeURIComponent(label)}`;
  const parameters = `secret=${base32Seed}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=6&period=30`;
  return `otpauth://totp/${name}?${parameters}`;
}
