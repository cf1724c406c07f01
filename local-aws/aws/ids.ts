import { randomBytes } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Random upper-case base32 text. */
export function randomBase32(length: number): string {
  return Array.from(randomBytes(length), (byte) => base32.charAt(byte & 31)).join('');
}

/** A unique id in AWS's form, such as `AIDA…` for a user (21 characters). */
export function uniqueId(prefix: 'AIDA' | 'AROA' | 'ANPA'): string {
  return prefix + randomBase32(17);
}

/** An access key id: `AKIA…` long-term, `ASIA…` temporary (20 characters). */
export function newAccessKeyId(prefix: 'AKIA' | 'ASIA'): string {
  return prefix + randomBase32(16);
}

/** 40 characters, like AWS's secret access keys. */
export function newSecretAccessKey(): string {
  return randomBytes(30).toString('base64');
}
