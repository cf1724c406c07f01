import type { Credentials } from '../../../typescript/src/index.ts';

/** Builds credentials; an empty token counts as none. */
export const credentialsOf = (accessKeyId: string, secretAccessKey: string, token?: string): Credentials => ({
  accessKeyId,
  secretAccessKey,
  ...(token && { sessionToken: token }),
});
