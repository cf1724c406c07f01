/** Controls of terminals, and what turns the direction of text: what others typed must not steer this terminal. */
const steering = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

export const harmless = (text: string): string => text.replace(steering, '\uFFFD');

/** The same for text of several lines. */
export const harmlessLines = (text: string): string => text.split('\n').map(harmless).join('\n');

/** JSON that steers no terminal, with nothing lost. */
export const harmlessJson = (data: unknown, indent?: number): string =>
  JSON.stringify(data, undefined, indent).replace(steering, (char) =>
    char === '\n' ? char : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

const styles = { bold: '1', red: '31', green: '32', yellow: '33', blackOnWhite: '30;107' } as const;

/** Text in a style. Controls are made of it only where it is written to a terminal. */
export interface Styled {
  readonly style: keyof typeof styles;
  readonly text: string;
}

/** What is shown, with pieces in styles. */
export type Text = string | Styled | readonly (string | Styled)[];

/** Text to be written to a terminal: whatever it is made of, it has no controls but line breaks and those of its styles. */
export function rendered(text: Text, coloured: boolean): string {
  const pieces = [text].flat().map((piece) => {
    if (typeof piece === 'string') return harmlessLines(piece);
    const inner = harmlessLines(piece.text);
    return coloured ? `\u001b[${styles[piece.style]}m${inner}\u001b[0m` : inner;
  });
  return pieces.join('');
}

/** A word for a command line that is to be copied into a shell. */
export const shellWord = (text: string): string =>
  /^[\w.,:=@/+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Columns of text under their headings. */
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

/** Names and values below each other; those without a value are left out. */
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

/** `3 days`, `1 minute`: the largest unit that there is at least one of. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [name, size] = units.find(([, length]) => whole >= length) ?? units[3];
  const count = Math.floor(whole / size);
  return `${count} ${name}${count === 1 ? '' : 's'}`;
}

/** Local date and time to the minute. */
export function localTime(time: string): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
