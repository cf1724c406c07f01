import { randomUUID } from 'node:crypto';
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

/** A secret as it is created, and what was put into it since. */
export interface SeedSecret extends Pick<Secret, 'name' | 'arn'> {
  /** Oldest first; at least one. */
  readonly values: readonly string[];
}

/** The secrets of Secrets Manager. */
export class Secrets {
  readonly #clock: LocalClock;
  readonly #arnPrefix: string;
  readonly #byName = new Map<string, Secret>();
  readonly #seed: readonly SeedSecret[];

  /** @param seed restored by `reset` */
  constructor(
    {
      clock,
      accountId,
      region,
    }: { readonly clock: LocalClock; readonly accountId: string; readonly region: string },
    seed: readonly SeedSecret[] = [],
  ) {
    this.#clock = clock;
    this.#arnPrefix = `arn:aws:secretsmanager:${region}:${accountId}:secret:`;
    this.#seed = seed;
    this.reset();
  }

  reset(): void {
    this.#byName.clear();
    for (const { name, arn, values } of this.#seed) {
      this.#byName.set(name, { name, arn, stages: new Map() });
      for (const value of values) this.put(name, value);
    }
  }

  /** Makes a value AWSCURRENT; the former one becomes AWSPREVIOUS. Throws ResourceNotFoundException. */
  put(id: string, value: string): SecretVersion {
    const { name, arn, stages: former } = this.get(id);
    const version: SecretVersion = { id: randomUUID(), value, createdAt: this.#clock.now() };
    const previous = former.get('AWSCURRENT');
    const stages = new Map([['AWSCURRENT', version]]);
    if (previous !== undefined) stages.set('AWSPREVIOUS', previous);
    this.#byName.set(name, { name, arn, stages });
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
}

export function secretNotFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
