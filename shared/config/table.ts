import * as z from 'zod/mini';
import { settings } from './variables.ts';

/** The table, for functions that use it. */
export const tableSettings = /* @__PURE__ */ settings(() =>
  z.object({ TABLE_NAME: z.string().check(z.minLength(1)) }),
);
