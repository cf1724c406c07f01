/** Settings by section. */
export type Sections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** A setting that more deeply indented lines continue. */
interface Open {
  readonly key: string;
  readonly indent: number;
}

/**
 * Parses a configuration file as the AWS CLI does (Python's configparser): sections in brackets, settings with `=` or
 * `:`, comments on lines of their own. Lines indented more deeply than a setting continue its value, or are nested
 * settings, which are ignored. Unlike configparser, it skips malformed lines and merges repeated sections.
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

/** An empty value is followed by nested settings, not by more of the value. */
function addTo(section: Map<string, string> | undefined, key: string, line: string): void {
  const value = section?.get(key);
  if (value) section?.set(key, `${value}\n${line}`);
}

/** `profile "my name"` becomes `profile my name`. */
const sectionName = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/"(.*)"$|'(.*)'$/, '$1$2');
