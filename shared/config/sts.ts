import * as z from 'zod/mini';
import { list, settings } from './variables.ts';

/** The STS endpoint for which users sign GetSessionToken, and others that are accepted. */
export const stsSettings = /* @__PURE__ */ settings(() =>
  z.object({ STS_ENDPOINT: z.url(), STS_OTHER_ENDPOINTS: list }),
);
