import { parseArgs } from 'node:util';
import * as z from 'zod';
import { presignGetSessionToken } from '../../clients/typescript/src/index.ts';
import { askControl, localAwsUrl } from './local-aws-url.ts';
import { runScript } from './run-script.ts';

const usage = `Usage: npm run -s presign -- --serial <ARN> --code <6 digits> [options]

Prints a presigned GetSessionToken request for POST /v1/me/sessions, signed with
AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.

  --serial <ARN>        the MFA device (serialNumber)
  --code <6 digits>     the code it shows now
  --duration <seconds>  length of the session, 900 to 129600; 3600 by default
  --endpoint <URL>      the STS endpoint (stsEndpoint of GET /v1/me); by default
                        the local AWS (npm start) at AWS_PORT, 4566 if not set
  --region <region>     the Region of STS; us-east-1 by default
  --help                shows this text`;

const options = z.strictObject({
  serial: z.string('is required: the ARN of your MFA device').min(9),
  code: z.string('is required').regex(/^\d{6}$/, 'must be the six digits that the device shows'),
  duration: z.coerce.number().int().min(900).max(129_600).default(3600),
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z.string().min(1).default('us-east-1'),
});

const environment = z.object({
  AWS_ACCESS_KEY_ID: z.string('is not set').min(1, 'is empty'),
  AWS_SECRET_ACCESS_KEY: z.string('is not set').min(1, 'is empty'),
  AWS_SESSION_TOKEN: z
    .literal('', "is set, but GetSessionToken needs long-term keys: unset it, or use a user's own keys")
    .optional(),
});

async function localSts(): Promise<string> {
  const awsUrl = localAwsUrl();
  if ((await askControl(awsUrl, '/_local/health')) !== undefined) return awsUrl;
  throw new Error(
    `No local AWS responds at ${awsUrl}: run npm start, set AWS_PORT to its port, or give --endpoint.`,
  );
}

await runScript(usage, async () => {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { serial: text, code: text, duration: text, endpoint: text, region: text },
  });
  const { serial: serialNumber, endpoint, ...request } = options.parse(values);
  const keys = environment.parse(process.env);
  return presignGetSessionToken(
    { serialNumber, endpoint: endpoint ?? (await localSts()), ...request },
    { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: keys.AWS_SECRET_ACCESS_KEY },
  );
});
