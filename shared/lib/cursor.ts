import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { Problem } from '../contract/problem.ts';

/** Turns positions in one caller's list into cursors, and back. */
export interface Cursors {
  seal(position: string): string;
  /** Throws `validation-failed` for anything but a cursor sealed for this list and caller. */
  open(cursor: string): string;
}

const cipher = 'aes-256-gcm';
const ivBytes = 12;
const tagBytes = 16;

/**
 * Cursors that callers can neither read nor forge: base64url of AES-256-GCM's initialisation vector, tag and text.
 * @param key any text with 32 bytes of entropy
 * @param list identifies the list and its reader; cursors of others are refused
 */
export function cursors(key: string, list: string): Cursors {
  const secret = createHash('sha256').update(key).digest();
  const authenticated = Buffer.from(list);
  return {
    seal: (position) => {
      const iv = randomBytes(ivBytes);
      const sealing = createCipheriv(cipher, secret, iv).setAAD(authenticated);
      const text = Buffer.concat([sealing.update(position, 'utf8'), sealing.final()]);
      return Buffer.concat([iv, sealing.getAuthTag(), text]).toString('base64url');
    },
    open: (cursor) => {
      const bytes = Buffer.from(cursor, 'base64url');
      if (bytes.length < ivBytes + tagBytes || bytes.toString('base64url') !== cursor) throw invalidCursor();
      const opening = createDecipheriv(cipher, secret, bytes.subarray(0, ivBytes))
        .setAAD(authenticated)
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      try {
        const text = opening.update(bytes.subarray(ivBytes + tagBytes));
        return Buffer.concat([text, opening.final()]).toString();
      } catch (cause) {
        throw invalidCursor({ cause });
      }
    },
  };
}

function invalidCursor(options?: ErrorOptions): Problem {
  const errors = [{ pointer: '/query/cursor', detail: 'must be the "next" of an earlier page of this list' }];
  return new Problem('validation-failed', 'Start again without a cursor.', { errors }, options);
}
