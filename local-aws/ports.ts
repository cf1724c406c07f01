import * as z from 'zod';

/** Where `npm start` serves unless PORT and AWS_PORT say otherwise, and where the scripts look for it. */
export const defaultPorts = { api: 4000, aws: 4566 };

/** A port in the environment; 0 for any that is free. */
export const portNumber = z.coerce.number('must be a port number').int().min(0).max(65_535);
