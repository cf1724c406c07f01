import { parseArgs } from 'node:util';
import * as z from 'zod';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { explain } from '../../shared/lib/explain.ts';
import { type Finding, type Subject, verify } from './checks.ts';
import { Client } from './client.ts';
import { keysOf, regionOf, sessionOf } from './credentials.ts';
import type { Keys } from './sign.ts';

const usage = `Usage: npm run verify -- --url <URL of the API> [--profile <name>] [--region <region>]
         (--session-profile <name> | --serial <ARN of the MFA device> --code <6 digits>)
Proves that a deployed API refuses callers without recent MFA. Run it as an IAM user who may use the API and has an MFA
device: give the user's long-term keys with --profile or in the environment, and either a profile with a fresh MFA
session, or the device and its current code to obtain one. Changes nothing, even if the gate is open.`;

const notChecked = `Not checked: a test-invoke from the API Gateway console bypasses the gate. The functions refuse its
stage, and IAM decides who may make one (docs/security.md).`;

const options = z
  .strictObject({
    url: z.url({ protocol: /^https?$/ }),
    profile: z.string().min(1).optional(),
    region: z.string().min(1).optional(),
    'session-profile': z.string().min(1).optional(),
    serial: z.string().min(9).optional(),
    code: z
      .string()
      .regex(/^\d{6}$/, 'must be the six digits that the device shows')
      .optional(),
  })
  .refine(
    (given) =>
      (given['session-profile'] === undefined) !== (given.serial === undefined) &&
      (given.serial === undefined) === (given.code === undefined),
    'Give either --session-profile, or --serial and --code.',
  );

type Options = z.output<typeof options>;

const whoAmI = z.object({ stsEndpoint: z.url() });

async function main(): Promise<void> {
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    options: { url: text, profile: text, region: text, 'session-profile': text, serial: text, code: text },
  });
  const findings: Finding[] = [];
  for await (const finding of verify(await subjectOf(options.parse(values)))) {
    print(lineOf(finding));
    findings.push(finding);
  }
  const failed = findings.filter(({ faults }) => faults.length > 0).length;
  print(`\n${notChecked}\n\n${findings.length - failed} checks passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function subjectOf(given: Options): Promise<Subject> {
  const region = given.region ?? regionIn(given.url) ?? (await regionOf(given.profile));
  const client = new Client(new URL(given.url), region);
  const longTerm = await keysOf(given.profile, region);
  if (longTerm.sessionToken !== undefined) {
    throw new Error(
      "The keys from --profile or the environment belong to a session; give a user's long-term keys.",
    );
  }
  const endpoint = await stsEndpointOf(client, longTerm);
  const withoutMfa = await sessionOf(longTerm, { endpoint, region });
  return {
    client,
    operations: await loadOperations(),
    longTerm,
    withoutMfa,
    steppedUp: await steppedUpKeys(given, longTerm, { endpoint, region }),
  };
}

async function steppedUpKeys(
  { 'session-profile': profile, serial, code }: Options,
  longTerm: Keys,
  sts: { readonly endpoint: string; readonly region: string },
): Promise<Keys> {
  if (serial !== undefined && code !== undefined) return sessionOf(longTerm, sts, { serial, code });
  const keys = await keysOf(profile, sts.region);
  if (keys.sessionToken === undefined)
    throw new Error('The keys of --session-profile do not belong to a session.');
  return keys;
}

/** The STS endpoint that the API names: that of its Region, or the local AWS. */
async function stsEndpointOf(client: Client, keys: Keys): Promise<string> {
  const answer = await client.send({ method: 'GET', path: '/v1/me' }, keys);
  if (answer.status !== 200) throw new Error(`GET /v1/me: ${answer.status} ${answer.text}`);
  return whoAmI.parse(JSON.parse(answer.text)).stsEndpoint;
}

/** The Region in a host name such as `id.execute-api.eu-west-1.amazonaws.com`. */
function regionIn(url: string): string | undefined {
  return /\.execute-api\.([a-z0-9-]+)\.amazonaws\./.exec(new URL(url).hostname)?.[1];
}

function lineOf({ check, faults, undecided = 0 }: Finding): string {
  const unsure = undecided > 0 ? `; ${undecided} of them only for the signature` : '';
  if (faults.length === 0) return `ok      ${check}${unsure}`;
  const shown = faults.slice(0, 10).map((fault) => `          ${fault}`);
  const more = faults.length > 10 ? [`          and ${faults.length - 10} more`] : [];
  return [`FAILED  ${check}`, ...shown, ...more].join('\n');
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n\n${usage}\n`);
  process.exitCode = 1;
});
