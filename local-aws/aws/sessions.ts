import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { PolicyDocument } from '../principal.ts';

/** What a session token carries. Times are milliseconds of the local AWS's clock. */
export interface Session {
  readonly holder:
    | { readonly type: 'user'; readonly userId: string; readonly epoch: number }
    | {
        readonly type: 'federated-user';
        readonly userId: string;
        readonly name: string;
        readonly epoch: number;
      }
    | {
        readonly type: 'role';
        readonly roleName: string;
        readonly roleId: string;
        readonly sessionName: string;
      };
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly mfaAt?: number;
  readonly sourceIdentity?: string;
  /** The ARN of the principal that began the chain of roles. */
  readonly origin?: string;
  readonly policies: readonly PolicyDocument[];
}

const cipher = 'aes-256-gcm';
const nonceLength = 12;
const tagLength = 16;

/** Seals sessions into their tokens, so that the server need not remember them. */
export class SessionSealer {
  readonly #key: Buffer;

  constructor(key = randomBytes(32)) {
    this.#key = key;
  }

  seal(session: Session): string {
    const nonce = randomBytes(nonceLength);
    const sealing = createCipheriv(cipher, this.#key, nonce);
    const sealed = Buffer.concat([sealing.update(JSON.stringify(session)), sealing.final()]);
    return Buffer.concat([nonce, sealing.getAuthTag(), sealed]).toString('base64');
  }

  /** The session in a token; undefined if this sealer did not issue it. */
  open(token: string): Session | undefined {
    const bytes = Buffer.from(token, 'base64');
    const nonce = bytes.subarray(0, nonceLength);
    const tag = bytes.subarray(nonceLength, nonceLength + tagLength);
    if (tag.length < tagLength) return undefined;
    const opening = createDecipheriv(cipher, this.#key, nonce, { authTagLength: tagLength }).setAuthTag(tag);
    try {
      const text = Buffer.concat([opening.update(bytes.subarray(nonceLength + tagLength)), opening.final()]);
      return JSON.parse(text.toString());
    } catch {
      return undefined;
    }
  }

  /** Base64, for snapshots. */
  exportKey(): string {
    return this.#key.toString('base64');
  }
}
