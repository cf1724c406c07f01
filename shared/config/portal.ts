import * as z from 'zod/mini';
import { parseVariables } from './variables.ts';

/** What the page's function reads beside the environment of all. */
const schema = z.object({
  /** Set by Lambda: what the page has its requests signed for, which a custom domain does not tell. */
  AWS_REGION: z._default(z.string().check(z.regex(/^[a-z0-9-]+$/)), 'us-east-1'),
});

/** Throws where the Region is none. */
export const portalEnv = (): z.output<typeof schema> => parseVariables(schema);
