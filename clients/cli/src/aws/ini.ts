/** Sections of a file, with their settings. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A setting that lines further in go on with. */
interface Open {
  readonly key: string;
  readonly indent: number;
}

/**
 * Reads a configuration file as the AWS CLI does (Python's configparser): sections in brackets, settings with `=` or `:`,
 * comments on lines of their own. What stands further in than a setting belongs to it: it is more of its value, or a
 * nested setting, of which none is needed here. Unlike there, what is no setting is passed over, and a section that comes
 * again adds to itself.
 */
export function parseIni(text: string): Sections {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let open: Open | undefined;
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) continue;
    const indent = raw.search(/\S/);
    if (open !== undefined && indent > open.indent) {
      addTo(section, open.key, line);
      continue;
    }
    const [, heading] = /^\[([^\]]+)\]/.exec(line) ?? [];
    if (heading !== undefined) {
      const name = sectionName(heading);
      section = sections.get(name) ?? new Map();
      sections.set(name, section);
      open = undefined;
      continue;
    }
    const [, key, value = ''] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
    if (key === undefined) continue;
    open = { key: key.toLowerCase(), indent };
    section?.set(open.key, value);
  }
  return sections;
}

/** A value that begins on the next line is a nested setting. */
function addTo(section: Map<string, string> | undefined, key: string, line: string): void {
  const value = section?.get(key);
  if (value) section?.set(key, `${value}\n${line}`);
}

/** `profile "my name"` is `profile my name`. */
const sectionName = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/"(.*)"$|'(.*)'$/, '$1$2');
