/** A bound that a figure should meet. */
export type Reach = { readonly atMost: number } | { readonly atLeast: number } | { readonly below: number };

/** One line of the benchmark report. */
export interface Row {
  readonly what: string;
  /** Undefined if it could not be measured; `detail` says why. */
  readonly value: number | undefined;
  /** Empty for a ratio or a count. */
  readonly unit: '' | 'µs' | 'kB' | 'MB';
  /** Absent for figures that are only reported. */
  readonly reach?: Reach;
  readonly detail: string;
  /** What the value was computed from. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Whether a row meets its reach; undefined if it has none or was not measured. */
export function isMet({ value, reach }: Row): boolean | undefined {
  if (value === undefined || reach === undefined) return undefined;
  if ('atMost' in reach) return value <= reach.atMost;
  return 'atLeast' in reach ? value >= reach.atLeast : value < reach.below;
}

/** The rows as text, one line each. */
export function tableOf(rows: readonly Row[]): string {
  const lines = [
    ['what', 'value', 'target', '', 'of'],
    ...rows.map((row) => [row.what, figureOf(row), reachOf(row), markOf(row), row.detail]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const figureOf = ({ value, unit }: Row): string => (value === undefined ? '–' : withUnit(value, unit));

function reachOf({ reach, unit }: Row): string {
  if (reach === undefined) return '';
  if ('atMost' in reach) return `≤ ${withUnit(reach.atMost, unit)}`;
  return 'atLeast' in reach ? `≥ ${withUnit(reach.atLeast, unit)}` : `< ${withUnit(reach.below, unit)}`;
}

function markOf(row: Row): string {
  const met = isMet(row);
  if (met === undefined) return '';
  return met ? 'met' : 'MISSED';
}

/** Whole numbers unchanged, others with two decimals. */
function withUnit(value: number, unit: Row['unit']): string {
  const text = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit === '' ? text : `${text} ${unit}`;
}
