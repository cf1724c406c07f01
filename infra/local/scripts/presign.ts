import { parseArgs } from 'node:util';
import { AwsV4Signer } from 'aws4fetch';
import * as z from 'zod';
import { explain } from '../explain.ts';

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

/** Seconds for which the printed URL is good. */
const expires = 300;

async function presign(): Promise<string> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { serial: text, code: text, duration: text, endpoint: text, region: text },
  });
  const { serial, code, duration, endpoint, region } = options.parse(values);
  const keys = environment.parse(process.env);
  const url = new URL(endpoint);
  url.search = new URLSearchParams({
    Action: 'GetSessionToken',
    Version: '2011-06-15',
    DurationSeconds: String(duration),
    SerialNumber: serial,
    TokenCode: code,
    'X-Amz-Expires': String(expires),
  }).toString();
  const signer = new AwsV4Signer({
    url: url.href,
    accessKeyId: keys.AWS_ACCESS_KEY_ID,
    secretAccessKey: keys.AWS_SECRET_ACCESS_KEY,
    service: 'sts',
    region,
    signQuery: true,
  });
  return (await signer.sign()).url.href;
}

presign().then(console.log, (error: unknown) => {
  console.error(`${explain(error)}\n\n${usage}`);
  process.exitCode = 1;
});
