/**
 * Replaces the global `Headers` in the bundle with as much of it as aws4fetch uses. The global one loads all of
 * `fetch`, which takes a third of a command's run time.
 */
export class Headers extends Map<string, string> {
  constructor(headers: Readonly<Record<string, string>>) {
    super();
    for (const [name, value] of Object.entries(headers)) this.set(name, value);
  }

  override get(name: string): string | undefined {
    return super.get(name.toLowerCase());
  }

  override has(name: string): boolean {
    return super.has(name.toLowerCase());
  }

  override set(name: string, value: string): this {
    return super.set(name.toLowerCase(), value);
  }

  override delete(name: string): boolean {
    return super.delete(name.toLowerCase());
  }
}
