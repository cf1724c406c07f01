import { median } from './measure.ts';
import type { Row } from './row.ts';

/** The median of samples over the median of a baseline, both in milliseconds. */
export function ratioRow(
  what: string,
  samples: readonly number[],
  against: readonly number[],
  { reach, note }: { readonly reach?: Row['reach']; readonly note?: string } = {},
): Row {
  const figures = { millis: median(samples), againstMillis: median(against) };
  const medians = `p50 of ${samples.length}: ${figures.millis.toFixed(2)} and ${figures.againstMillis.toFixed(2)} ms`;
  return {
    what,
    value: figures.millis / figures.againstMillis,
    unit: '',
    ...(reach === undefined ? {} : { reach }),
    detail: note === undefined ? medians : `${medians}; ${note}`,
    figures,
  };
}
