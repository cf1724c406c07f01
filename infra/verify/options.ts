import { parseArgs } from 'node:util';
import * as z from 'zod';

export const usage = `Usage: npm run verify -- --url <URL of the API> [--profile <name>] [--region <region>]
         (--session-profile <name> | --serial <ARN of the MFA device> --code <6 digits>)
         [--old-session-profile <name> | --wait] [--origin <origin>]... [--smoke]
         [--agent-profile <name>] [--approver-profile <name>] [--auditor-profile <name>]

Proves that a deployed API refuses callers without recent MFA, and answers as the product does. Run it as an IAM user
who may use the API and has an MFA device: give the user's long-term keys with --profile or in the environment, and
either a profile with a fresh MFA session, or the device and its current code to obtain one. Without --smoke it changes
nothing, even if a gate is open.

  --old-session-profile  a session of the user with MFA from too long ago
  --wait                 waits until the session is too old instead (stepUpMaxAge, at least 15 minutes)
  --origin               an origin whose pages may call the API; once for each
  --smoke                creates a device, changes and deletes it; with an agent and an approver, recoveries too
  --agent-profile, --approver-profile, --auditor-profile
                         sessions of roles with the policy RecoveryAgent, RecoveryApprover or Auditor, and no other

Exit status: 0 if nothing failed and the gate is proven; 1 if something failed; 2 if nothing failed, but something
about the gate could not be checked.`;

const profile = z.string().min(1).optional();

const options = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }),
    profile,
    region: z.string().min(1).optional(),
    'session-profile': profile,
    serial: z.string().min(9).optional(),
    code: z
      .string()
      .regex(/^\d{6}$/, 'must be the six digits that the device shows')
      .optional(),
    'old-session-profile': profile,
    wait: z.boolean().default(false),
    origin: z
      .array(
        z
          .string()
          .regex(/^https?:\/\/[a-z0-9.:-]+$/, 'must be an origin, such as https://portal.example.com'),
      )
      .default([]),
    smoke: z.boolean().default(false),
    'agent-profile': profile,
    'approver-profile': profile,
    'auditor-profile': profile,
    help: z.boolean().default(false),
  })
  .refine(
    (given) =>
      (given['session-profile'] === undefined) !== (given.serial === undefined) &&
      (given.serial === undefined) === (given.code === undefined),
    'Give either --session-profile, or --serial and --code.',
  )
  .refine(
    (given) => !given.wait || given['old-session-profile'] === undefined,
    'Give --old-session-profile or --wait, not both.',
  );

export type Options = z.output<typeof options>;

/** The options given on the command line; undefined if it asks for help. */
export function optionsIn(args: readonly string[]): Options | undefined {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ url: text, profile: text, region: text, 'session-profile': text, serial: text, code: text },
      ...{ 'old-session-profile': text, wait: flag, origin: { ...text, multiple: true }, smoke: flag },
      ...{ 'agent-profile': text, 'approver-profile': text, 'auditor-profile': text, help: flag },
    },
  });
  return values.help ? undefined : options.parse(values);
}
