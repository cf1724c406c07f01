import * as z from 'zod';

/** The ports of `npm start` unless PORT and AWS_PORT override them; the scripts look for it there. */
export const defaultPorts = { api: 4000, aws: 4566 };

/** A port in the environment; 0 for any free one. */
export const portNumber = z.coerce.number('must be a port number').int().min(0).max(65_535);
