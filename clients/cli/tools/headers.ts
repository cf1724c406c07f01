/**
 * Stands in for the global `Headers` in the bundle: as much of it as aws4fetch uses to sign. The global one comes with
 * all of `fetch`, which takes a third of the time of a command to load.
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
