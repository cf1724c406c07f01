import * as z from 'zod/mini';

const line = z.string().check(z.maxLength(320), z.regex(/^[^\p{Cc}]*$/u));

/** What tells users of changes reads beside the environment of all. Defaults are those of serverless.yml. */
const schema = z.object({
  /** Address that e-mails are sent from, also as `Name <address>`; without one none are sent. */
  NOTICE_SENDER: z._default(line, ''),
  /** Whom users are to turn to, in words that end "call …". */
  NOTICE_CONTACT: z._default(line.check(z.minLength(1)), 'your help desk'),
});

/** Throws an error that names each variable at fault. */
export function noticeEnv(): z.output<typeof schema> {
  // biome-ignore lint/style/noProcessEnv: beside shared/env.ts the places that read it
  const result = schema.safeParse(process.env);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  throw new Error(`Environment variables missing or not valid: ${faults}`);
}
