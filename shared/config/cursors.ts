import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** What encrypts cursors, for functions that give out lists. */
export const cursorSettings = /* @__PURE__ */ settings(() =>
  z.object({ CURSOR_KEY: z.string().check(z.minLength(32)) }),
);
