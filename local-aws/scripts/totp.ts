import { parseArgs } from 'node:util';
import { Secret, TOTP } from 'otpauth';
import * as z from 'zod';
import { explain } from '../../shared/lib/explain.ts';

const usage = `Usage: npm run totp -- <seed> [--two]
Prints the code that an authenticator app with this seed (base32) shows now, the seconds it stays, and the next one.
  --two  prints just these two codes on one line; IAM takes them at once to enable a device`;

const clockAnswer = z.object({ now: z.iso.datetime() });

const period = 30;

/** The local stack's time if it runs on this machine, else this machine's; milliseconds since the epoch. */
async function now(): Promise<number> {
  const port = process.env['AWS_PORT'] ?? '4566';
  try {
    const url = `http://127.0.0.1:${port}/_local/clock`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    return Date.parse(clockAnswer.parse(await answer.json()).now);
  } catch {
    return Date.now();
  }
}

function generator(seed: string): TOTP {
  const base32 = seed.replace(/[\s=]/g, '').toUpperCase();
  if (!/^[A-Z2-7]{16,}$/.test(base32)) {
    throw new Error('The seed must be base32: at least 16 of the letters A-Z and the digits 2-7.');
  }
  return new TOTP({ secret: Secret.fromBase32(base32), algorithm: 'SHA1', digits: 6, period });
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { two: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [seed] = positionals;
  if (seed === undefined || positionals.length > 1) throw new Error(usage);
  const totp = generator(seed);
  const timestamp = await now();
  const current = totp.generate({ timestamp });
  const next = totp.generate({ timestamp: timestamp + period * 1000 });
  const left = period - (Math.floor(timestamp / 1000) % period);
  console.log(values.two ? `${current} ${next}` : `${current}  for ${left} s more\n${next}  next`);
}

main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
