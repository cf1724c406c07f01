/**
 * A value in a response of the Query protocol: arrays become `<member>` lists, maps `<entry>` lists, dates ISO 8601 in
 * whole seconds, buffers base64. Undefined members are omitted.
 */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | Buffer
  | readonly XmlValue[]
  | ReadonlyMap<string, XmlValue>
  | XmlObject
  | undefined;

export interface XmlObject {
  readonly [name: string]: XmlValue;
}

export function element(name: string, value: XmlValue): string {
  return value === undefined ? '' : `<${name}>${render(value)}</${name}>`;
}

export function render(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escapeXml(String(value));
  if (value instanceof Date) return isoSeconds(value.getTime());
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (isList(value)) return value.map((item) => element('member', item)).join('');
  if (value instanceof Map)
    return [...value].map(([key, entry]) => element('entry', { key, value: entry })).join('');
  return Object.entries(value)
    .map(([name, member]) => element(name, member))
    .join('');
}

/** Times as IAM and STS write them. */
export function isoSeconds(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
};

/** Escapes text; characters that XML 1.0 does not allow become U+FFFD. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '\uFFFD')
    .replace(/[&<>"'\r]/g, (character) => entities[character] ?? character);
}
