import type { Credentials } from '../../../typescript/src/index.ts';

/** Credentials of their parts; an empty token is none. */
export const credentialsOf = (accessKeyId: string, secretAccessKey: string, token?: string): Credentials => ({
  accessKeyId,
  secretAccessKey,
  ...(token && { sessionToken: token }),
});
