/** Credentials, as returned by the AWS SDK's providers. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** What a request is signed with: credentials, or a session. */
export type SigningKeys = Omit<Credentials, 'expiration'>;

/** Milliseconds before expiration at which credentials are requested again. */
const renewBefore = 60_000;

/**
 * Returns a source of credentials to sign with. A provider is called for every request, unless its credentials say when
 * they expire: those are kept until shortly before. Throws a TypeError for malformed credentials, without showing them.
 */
export function credentialSource(
  given: Credentials | (() => Credentials | Promise<Credentials>),
): () => Promise<Credentials> {
  if (typeof given !== 'function') {
    const constant = checked(given);
    return async () => constant;
  }
  let kept: Credentials | undefined;
  let asked: Promise<Credentials> | undefined;
  const ask = async (): Promise<Credentials> => {
    kept = checked(await given());
    return kept;
  };
  return () => {
    const expiration = kept?.expiration?.getTime();
    if (kept && expiration !== undefined && expiration - Date.now() > renewBefore)
      return Promise.resolve(kept);
    asked ??= ask().finally(() => {
      asked = undefined;
    });
    return asked;
  };
}

/** Other characters are not valid in a header, and the error that `fetch` throws would show them. */
const printable = /^[\x21-\x7e]+$/;

function checked(credentials: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = Object(credentials);
  const parts = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value !== 'string' || !printable.test(value)) {
      throw new TypeError(`The credentials' ${name} must be a string without spaces or line breaks.`);
    }
  }
  return { ...parts, ...(expiration instanceof Date && { expiration }) };
}
