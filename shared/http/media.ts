import type { MediaType } from '../contract/operation.ts';

/**
 * The offered representation that an `Accept` header prefers. Undefined for JSON, which is also the answer if nothing
 * offered is acceptable (RFC 9110, 12.5.1).
 */
export function preferredMedia(
  accept: string | undefined,
  offered: readonly MediaType[],
): MediaType | undefined {
  if (offered.length === 0) return undefined;
  const wanted = (accept ?? '')
    .split(',')
    .map(parseRange)
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { type } of wanted) {
    if (type === '*/*' || type === 'application/json' || type === 'application/*') return undefined;
    const match = offered.find((offer) => offer === type);
    if (match) return match;
  }
  return undefined;
}

function parseRange(range: string): { type: string; quality: number } {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { type, quality: Number.isFinite(quality) ? quality : 0 };
}
