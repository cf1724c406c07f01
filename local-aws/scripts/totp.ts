import { parseArgs } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import * as z from 'zod';
import { askControl, localAwsUrl } from './local-aws-url.ts';
import { runScript } from './run-script.ts';

const usage = `Usage: npm run -s totp -- <seed> [--two]

Prints the code that an authenticator app with this seed (base32) shows now, how
many seconds it remains valid, and the next code.

  --two   only the two codes, on one line, as needed to enable a device
  --help  shows this text

Uses the clock of the local AWS (npm start) at AWS_PORT, 4566 if not set, or
this machine's clock if none responds there.`;

const clockAnswer = z.object({ now: z.iso.datetime() });

const period = 30;

/** Milliseconds since the epoch. */
async function now(): Promise<number> {
  const awsUrl = localAwsUrl();
  const { data } = clockAnswer.safeParse(await askControl(awsUrl, '/_local/clock'));
  if (data !== undefined) return Date.parse(data.now);
  console.error(`No local AWS responds at ${awsUrl}: using this machine's clock.`);
  return Date.now();
}

function generator(seed: string): TOTP {
  const base32 = seed.replace(/[\s=]/g, '').toUpperCase();
  if (!/^[A-Z2-7]{16,}$/.test(base32)) {
    throw new Error('The seed must be base32: at least 16 letters (A-Z) and digits (2-7).');
  }
  return new TOTP({ secret: Secret.fromBase32(base32), algorithm: 'SHA1', digits: 6, period });
}

await runScript(usage, async () => {
  const { values, positionals } = parseArgs({
    options: { two: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [seed, ...more] = positionals;
  if (seed === undefined || more.length > 0) throw new Error('Give exactly one seed, without spaces.');
  const totp = generator(seed);
  const timestamp = await now();
  const current = totp.generate({ timestamp });
  const next = totp.generate({ timestamp: timestamp + period * 1000 });
  const left = period - (Math.floor(timestamp / 1000) % period);
  return values.two ? `${current} ${next}` : `${current}  for ${left} s more\n${next}  next`;
});
