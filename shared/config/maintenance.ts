import * as z from 'zod/mini';
import { parseVariables, roleArn } from './variables.ts';

/** What a function that is run by a schedule reads beside the environment of all. */
const schema = z.object({
  /** The role assumed for every call to IAM. */
  MAINTENANCE_ROLE_ARN: roleArn,
});

/** Throws an error that names the variable where it is missing or not valid. */
export const maintenanceEnv = (): z.output<typeof schema> => parseVariables(schema);
