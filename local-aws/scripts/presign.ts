import { parseArgs } from 'node:util';
import * as z from 'zod';
import { presignGetSessionToken } from '../../clients/typescript/src/sign.ts';
import { explain } from '../../shared/lib/explain.ts';

const usage = `Usage: npm run -s presign -- --serial <ARN> --code <6 digits>
         [--duration <seconds>] [--endpoint <URL>] [--region <region>]
Prints a GetSessionToken request, signed with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, for POST /v1/me/sessions.`;

const options = z.strictObject({
  serial: z.string('is required: the ARN of your MFA device').min(9),
  code: z.string('is required').regex(/^\d{6}$/, 'must be the six digits that the device shows'),
  duration: z.coerce.number().int().min(900).max(129_600).default(3600),
  endpoint: z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:4566'),
  region: z.string().min(1).default('us-east-1'),
});

const environment = z.object({
  AWS_ACCESS_KEY_ID: z.string('is not set').min(1, 'is empty'),
  AWS_SECRET_ACCESS_KEY: z.string('is not set').min(1, 'is empty'),
  AWS_SESSION_TOKEN: z
    .literal('', "is set, but STS gives sessions for long-term keys only: unset it, or use a user's own keys")
    .optional(),
});

async function presign(): Promise<string> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { serial: text, code: text, duration: text, endpoint: text, region: text },
  });
  const { serial, ...request } = options.parse(values);
  const keys = environment.parse(process.env);
  return presignGetSessionToken(
    { serialNumber: serial, ...request },
    { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
  );
}

presign().then(console.log, (error: unknown) => {
  console.error(`${explain(error)}\n\n${usage}`);
  process.exitCode = 1;
});
