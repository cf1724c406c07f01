import * as z from 'zod/mini';
import { settings } from './variables.ts';

const line = z.string().check(z.maxLength(320), z.regex(/^[^\p{Cc}]*$/u));

/** Settings of the e-mails that notify users. Defaults are those of the template's parameters. */
export const noticeSettings = /* @__PURE__ */ settings(() =>
  z.object({
    /** The sender, as an address or `Name <address>`; if empty, no e-mails are sent. */
    NOTICE_SENDER: z._default(line, ''),
    /** Whom users should call, as it follows the word "call". */
    NOTICE_CONTACT: z._default(line.check(z.minLength(1)), 'your help desk'),
  }),
);
