import { createHash, randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { AwsError } from './aws-error.ts';

/** A version of a secret; times are milliseconds. */
export interface SecretVersion {
  readonly id: string;
  readonly value: string;
  readonly createdAt: number;
}

export interface Secret {
  readonly name: string;
  readonly arn: string;
  /** Versions by staging label. */
  readonly stages: ReadonlyMap<string, SecretVersion>;
}

/** The secrets of Secrets Manager. */
export class Secrets {
  readonly #clock: LocalClock;
  readonly #arnPrefix: string;
  readonly #byName = new Map<string, Secret>();
  readonly #seed: Readonly<Record<string, string>>;

  /** @param seed values by name, restored by `reset` */
  constructor(
    {
      clock,
      accountId,
      region,
    }: { readonly clock: LocalClock; readonly accountId: string; readonly region: string },
    seed: Readonly<Record<string, string>> = {},
  ) {
    this.#clock = clock;
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    this.#seed = seed;
    this.reset();
  }

  reset(): void {
    this.#byName.clear();
    for (const [name, value] of Object.entries(this.#seed)) this.put(name, value);
  }

  /** Makes a value AWSCURRENT, creating the secret if necessary; the former one becomes AWSPREVIOUS. */
  put(name: string, value: string): SecretVersion {
    const version: SecretVersion = { id: randomUUID(), value, createdAt: this.#clock.now() };
    const previous = this.#byName.get(name)?.stages.get('AWSCURRENT');
    const stages = new Map([['AWSCURRENT', version]]);
    if (previous !== undefined) stages.set('AWSPREVIOUS', previous);
    this.#byName.set(name, { name, arn: this.#arnOf(name), stages });
    return version;
  }

  /** @param id name or ARN, with or without the six characters at its end */
  find(id: string): Secret | undefined {
    const secret = this.#byName.get(id);
    if (secret !== undefined || !id.startsWith(this.#arnPrefix)) return secret;
    const name = id.slice(this.#arnPrefix.length);
    return this.#byName.get(name) ?? [...this.#byName.values()].find(({ arn }) => arn === id);
  }

  /** Throws ResourceNotFoundException. */
  get(id: string): Secret {
    const secret = this.find(id);
    if (secret === undefined) throw secretNotFound("Secrets Manager can't find the specified secret.");
    return secret;
  }

  /** The ARN for permissions on a secret, which need not exist. */
  resourceOf(id: string): string {
    return this.find(id)?.arn ?? (id.startsWith('arn:') ? id : this.#arnPrefix + id);
  }

  /** Deterministic, so that ARNs can be written down. */
  #arnOf(name: string): string {
    const suffix = createHash('sha256')
      .update(name)
      .digest('base64')
      .replace(/[^A-Za-z0-9]/g, '')
      .slice(0, 6);
    return `${this.#arnPrefix}${name}-${suffix}`;
  }
}

export function secretNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
