import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Principal } from '../../local-aws/principal.ts';
import type { LocalStackOptions } from '../../local-aws/stack.ts';
import { assertAnswer } from './e2e-answer.ts';
import { SecretWatch } from './e2e-secrets.ts';
import { type Answer, rawFetch, signedRequest } from './http.ts';
import { assertDocumented } from './openapi.ts';
import type { SigningKeys } from './sign.ts';
import { startTestStack, type TestStack, userKeys } from './stack.ts';

type Headers = Readonly<Record<string, string>>;
/** A seeded user, who signs with their long-term keys, or other keys. */
export type Who = string | SigningKeys;
type Signing = Parameters<typeof signedRequest>[6];

export const keysOf = (who: Who): SigningKeys => (typeof who === 'string' ? userKeys(who) : who);

/** The API of a running stack. Checks every answer for what all have in common and records every secret. */
export class Api {
  readonly secrets = new SecretWatch();
  readonly problems: string[] = [];
  readonly #callers = new Set<string>();
  #stack: TestStack | undefined;

  get stack(): TestStack {
    if (this.#stack === undefined) throw new Error('The stack runs only within tests.');
    return this.#stack;
  }

  async start(options: LocalStackOptions): Promise<void> {
    this.#stack = await startTestStack(options);
  }

  /** Sends a signed request. A string body is sent unchanged, anything else as JSON. */
  fetch(
    who: Who,
    method: string,
    target: string,
    body?: unknown,
    headers: Headers = {},
    signing: Signing = {},
  ): Promise<Answer> {
    const signed = this.sign(who, method, target, body, headers, signing);
    return this.send(method, target, signed.headers, signed.body);
  }

  /** The headers and body of a signed request, to change before sending. */
  sign(
    who: Who,
    method: string,
    target: string,
    body?: unknown,
    headers: Headers = {},
    signing: Signing = {},
  ): { readonly headers: Record<string, string>; readonly body: string | Buffer } {
    const keys = keysOf(who);
    this.secrets.noteKeys(keys);
    const known = this.stack.account.resolve(keys.accessKeyId, keys.sessionToken);
    if ('principal' in known) this.#callers.add(nameOf(known.principal));
    return signedRequest(this.stack.apiUrl, keys, method, target, body, headers, signing);
  }

  /** Sends a request unchanged. */
  async send(method: string, target: string, headers: Headers, body: string | Buffer = ''): Promise<Answer> {
    this.secrets.noteRequest(headers, body);
    const answer = await rawFetch(this.stack.apiUrl, method, target, headers, body);
    assertAnswer(answer);
    assertDocumented(method, target, answer);
    this.secrets.noteAnswer(answer.text);
    if (answer.status >= 400) this.problems.push(answer.text);
    return answer;
  }

  /**
   * Names of the IAM and STS operations called so far, oldest first, except those by functions that report changes:
   * they run at any time.
   */
  called(): readonly string[] {
    return this.stack.account.trail
      .events()
      .filter(({ service }) => service === 'iam' || service === 'sts')
      .filter(({ origin, principalArn = '' }) => !tellers.test(origin ?? principalArn))
      .map(({ operation }) => operation);
  }

  /** The observable state of the account's devices, to assert that nothing changed. */
  devices(): string {
    return JSON.stringify(this.stack.account.devices.records());
  }

  /** Serial numbers of a user's active devices. */
  activeDevices(userName: string): readonly string[] {
    const { devices, users } = this.stack.account;
    return devices.ofUser(users.get(userName)).map(({ serialNumber }) => serialNumber);
  }

  /**
   * Asserts that functions called IAM only with the roles for their work, and on behalf of the sender of a request
   * or of unattended work.
   */
  assertTrail(): void {
    const calls = this.stack.account.trail.events().filter(({ service, principalArn }) => {
      return service === 'iam' && principalArn?.includes(':assumed-role/');
    });
    for (const { principalArn = '', sourceIdentity = '' } of calls) {
      const [, work = ''] = /:assumed-role\/mfa-self-service-local-([\w-]+)\//.exec(principalArn) ?? [];
      expect([...this.#callers, ...(unasked[work] ?? [])], `${work}: source identity`).toContain(
        sourceIdentity,
      );
      expect(['device', 'device-read', 'audit', 'recovery', 'maintenance'], principalArn).toContain(work);
    }
  }

  /** Back to the seeded state. */
  async reset(): Promise<void> {
    for (const { seed } of this.stack.account.devices.all()) this.secrets.note('seed', seed);
    this.#callers.clear();
    await this.stack.reset();
  }

  /** Asserts that no secret of the traffic so far is in the functions' logs or in a problem document. */
  assertNoSecrets(): void {
    expect(this.secrets.leaksIn(this.stack.logText()), 'secrets in logs').toEqual([]);
    expect(this.secrets.leaksIn(this.problems.join('\n')), 'secrets in problem documents').toEqual([]);
  }
}

/** Source identities of unattended work, by role. */
const unasked: Readonly<Record<string, readonly string[]>> = {
  audit: ['ticketing-standard', 'ticketing-jira', 'ticketing-zendesk', 'mfa-notices'],
  recovery: ['mfa-recovery'],
  maintenance: ['expired-enrolments'],
};

/** Roles of the functions that audit lines and events invoke. */
const tellers = /:assumed-role\/local-(publish-events|notify-subject|report-outcome)\//;

/** A user's name, or a role's session name. */
const nameOf = ({ userName, arn }: Principal): string => userName ?? arn.slice(arn.lastIndexOf('/') + 1);

/** One stack for a test file, reset after each test, which also asserts that no secret leaked. */
export function useApi(options: () => Promise<LocalStackOptions> = async () => ({})): Api {
  const api = new Api();
  beforeAll(async () => api.start(await options()));
  afterEach(async () => {
    try {
      api.assertTrail();
    } finally {
      await api.reset();
    }
  });
  afterAll(async () => {
    try {
      api.assertNoSecrets();
    } finally {
      await api.stack.close();
    }
  });
  return api;
}
