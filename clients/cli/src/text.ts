/** Control characters and bidirectional marks: text from others must not control this terminal. */
const steering = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export const harmless = (text: string): string => text.replace(steering, '\uFFFD');

/** Like `harmless`, but keeps line breaks. */
export const harmlessLines = (text: string): string => text.split('\n').map(harmless).join('\n');

/** JSON that cannot control a terminal; escaping loses nothing. */
export const harmlessJson = (data: unknown, indent?: number): string =>
  JSON.stringify(data, undefined, indent).replace(steering, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const styles = { bold: '1', red: '31', green: '32', yellow: '33', blackOnWhite: '30;107' } as const;

/** Styled text; becomes control sequences only when written to a terminal. */
export interface Styled {
  readonly style: keyof typeof styles;
  readonly text: string;
}

/** Text to show, possibly in styled pieces. */
export type Text = string | Styled | readonly (string | Styled)[];

/** Renders text for a terminal: the only control characters left are line breaks and those of its styles. */
export function rendered(text: Text, coloured: boolean): string {
  const pieces = [text].flat().map((piece) => {
    if (typeof piece === 'string') return harmlessLines(piece);
    const inner = harmlessLines(piece.text);
    return coloured ? `\u001b[${styles[piece.style]}m${inner}\u001b[0m` : inner;
  });
  return pieces.join('');
}

/** Quotes a word for a command line meant to be pasted into a shell. */
export const shellWord = (text: string): string =>
  /^[\w.,:=@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Aligns rows in columns under headings. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = [headings, ...rows].map((row) => row.map(harmless));
  const widths = headings.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? '').length)));
  return cells
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** One name and value per line; pairs without a value are left out. */
export function fields(pairs: readonly (readonly [string, string | undefined])[]): string {
  const given = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...given.map(([name]) => name.length));
  return given.map(([name, value]) => `${name.padEnd(width)}  ${harmless(value)}`).join('\n');
}

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `3 days`, `1 minute`: rounded down to the largest unit that fits. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [name, size] = units.find(([, length]) => whole >= length) ?? units[3];
  const count = Math.floor(whole / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Local date and time, to the minute. */
export function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
