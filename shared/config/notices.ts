import * as z from 'zod/mini';
import { parseVariables } from './variables.ts';

const line = z.string().check(z.maxLength(320), z.regex(/^[^\p{Cc}]*$/u));

/** What tells users of changes reads beside the environment of all. Defaults are those of serverless.yml. */
const schema = z.object({
  /** Address that e-mails are sent from, also as `Name <address>`; without one none are sent. */
  NOTICE_SENDER: z._default(line, ''),
  /** Whom users are to turn to, in words that end "call …". */
  NOTICE_CONTACT: z._default(line.check(z.minLength(1)), 'your help desk'),
});

/** Throws an error that names each variable at fault. */
export const noticeEnv = (): z.output<typeof schema> => parseVariables(schema);
