/** Rows as CSV (RFC 4180), with nothing that a spreadsheet would run. */
export const toCsvRows = (rows: readonly (readonly string[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

/** A name may begin like a formula, which a quote before it turns into text. Source: OWASP, CSV injection. */
function quoted(text: string): string {
  if (/^[=+\-@\t\r]/.test(text)) return `"'${text.replaceAll('"', '""')}"`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
