/** Sections of a file, with their settings. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/**
 * Reads a configuration file as the AWS CLI writes it: sections in brackets, settings with `=`, comments on lines of their own.
 * Indented lines belong to a nested setting, of which none is needed here. A section that comes again adds to itself.
 */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let current: Map<string, string> | undefined;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const header = /^\[([^\]]*)\]/.exec(line);
    if (header) {
      const name = sectionName(header[1] ?? '');
      current = sections.get(name) ?? new Map();
      sections.set(name, current);
      continue;
    }
    const [, key, value] = /^([^\s#;=][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (key !== undefined && value !== undefined) current?.set(key.toLowerCase(), value);
  }
  return sections;
}

/** `profile "my name"` is `profile my name`. */
const sectionName = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/"(.*)"$|'(.*)'$/, '$1$2');
