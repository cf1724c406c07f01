const prefixLength = 10;

/** Finds secrets in long texts: every place is looked up by the secrets' first characters. */
export class Secrets {
  readonly #byPrefix = new Map<string, Map<string, string>>();
  readonly #codes = new Set<string>();

  note(kind: string, secret: string | undefined): void {
    if (secret === undefined || secret.length < prefixLength) return;
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      const prefix = form.slice(0, prefixLength);
      const known = this.#byPrefix.get(prefix) ?? new Map<string, string>();
      this.#byPrefix.set(prefix, known.set(form, kind));
    }
  }

  noteCode(code: string | undefined): void {
    if (code !== undefined) this.#codes.add(code);
  }

  /** What was found, by kind and with its surroundings, the secret itself left out. */
  leaksIn(text: string): readonly string[] {
    const found: string[] = [];
    for (let at = 0; at + prefixLength <= text.length; at += 1) {
      const known = this.#byPrefix.get(text.slice(at, at + prefixLength));
      for (const [secret, kind] of known ?? []) {
        if (text.startsWith(secret, at))
          found.push(`${kind} after ${JSON.stringify(text.slice(at - 60, at))}`);
      }
    }
    // Not a part of a longer number, of a fraction or of an id.
    for (const { 0: number, index } of text.matchAll(/(?<![\w.-])\d{6}(?![\w-])/g)) {
      if (this.#codes.has(number)) found.push(`code after ${JSON.stringify(text.slice(index - 60, index))}`);
    }
    return found;
  }
}
