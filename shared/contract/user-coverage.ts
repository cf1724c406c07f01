import * as z from 'zod/mini';

/** Whether one user has MFA, and what they could use without it. */
export const userCoverage = z.strictObject({
  userName: z.string(),
  userArn: z.string(),
  mfaActive: z.boolean(),
  virtualDevices: z.int(),
  passwordEnabled: z.boolean(),
  activeAccessKeys: z.int(),
});

/** The columns of the CSV. */
export const coverageColumns = [
  'userName',
  'userArn',
  'mfaActive',
  'virtualDevices',
  'passwordEnabled',
  'activeAccessKeys',
] as const satisfies readonly (keyof z.infer<typeof userCoverage>)[];
