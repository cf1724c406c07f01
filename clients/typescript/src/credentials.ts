/** Credentials as AWS's own providers give them. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Milliseconds before their expiration from which on credentials are asked for again. */
const renewBefore = 60_000;

/**
 * Gives the credentials to sign with. A provider is asked again for each call, unless what it gave says when it expires:
 * that is kept until shortly before. Throws a TypeError, which shows nothing of them, for what cannot be credentials.
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

/** What cannot go into a header would be shown in the error that `fetch` throws for it. */
const printable = /^[\x21-\x7e]+$/;

function checked(credentials: Credentials): Credentials {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = Object(credentials);
  const parts = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value !== 'string' || !printable.test(value)) {
      throw new TypeError(`The credentials' ${name} must be a text without spaces and line breaks.`);
    }
  }
  return { ...parts, ...(expiration instanceof Date && { expiration }) };
}
