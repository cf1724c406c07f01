import { demand } from './failure.ts';

/** Milliseconds by which a signer's clock may deviate. */
const skew = 5 * 60_000;
const longestExpiry = 604_800;

const basicFormat = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const httpFormat = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Converts a date from `X-Amz-Date` or `Date` to the signed form (`20261124T093000Z`). */
export function basicDate(date: string): string {
  const iso = date.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z');
  const time = iso !== date || httpFormat.test(date) ? Date.parse(iso) : Number.NaN;
  demand(
    !Number.isNaN(time) && (iso === date || formatted(time) === date),
    'IncompleteSignature',
    "Date must be in ISO-8601 'basic format'.",
  );
  return formatted(time);
}

/**
 * Rejects signatures from the future, and those older than the skew or, for presigned URLs, than their `X-Amz-Expires`
 * (seconds). `now` is real time in milliseconds.
 */
export function checkAge(date: string, expires: string | undefined, now: number): void {
  const signedAt = Date.parse(date.replace(basicFormat, '$1-$2-$3T$4:$5:$6Z'));
  demand(
    signedAt <= now + skew,
    'SignatureDoesNotMatch',
    `Signature not yet current: ${date} is still later than ${formatted(now + skew)} (${formatted(now)} + 5 min.)`,
  );
  const lifetime = expires === undefined ? skew : readExpires(expires) * 1000;
  const words = expires === undefined ? '5 min.' : `${expires} sec.`;
  demand(
    signedAt >= now - lifetime,
    'SignatureDoesNotMatch',
    `Signature expired: ${date} is now earlier than ${formatted(now - lifetime)} (${formatted(now)} - ${words})`,
  );
}

function readExpires(expires: string): number {
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0;
  demand(
    seconds >= 1 && seconds <= longestExpiry,
    'IncompleteSignature',
    `X-Amz-Expires must be between 1 and ${longestExpiry} seconds.`,
  );
  return seconds;
}

function formatted(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/[-:]|\.\d{3}/g, '');
}
