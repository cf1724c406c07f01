const label = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
const address = new RegExp(String.raw`^[A-Za-z0-9+=_/-]+(?:\.[A-Za-z0-9+=_/-]+)*@(?:${label}\.)+${label}$`);

/** True for a single plain address that a tag can hold: no list, display name, quoting or line break. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && text.indexOf('@') <= 64 && address.test(text);
}
