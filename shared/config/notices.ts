import * as z from 'zod/mini';
import { settings } from './variables.ts';

const line = z.string().check(z.maxLength(320), z.regex(/^[^\p{Cc}]*$/u));

/** For the e-mails that tell users of changes. Defaults are those of serverless.yml. */
export const noticeSettings = settings(
  z.object({
    /** Address that e-mails are sent from, also as `Name <address>`; without one none are sent. */
    NOTICE_SENDER: z._default(line, ''),
    /** Whom users should turn to, in words that end "call …". */
    NOTICE_CONTACT: z._default(line.check(z.minLength(1)), 'your help desk'),
  }),
);
