import type { SigningKeys } from './sign.ts';

/** An enrolment pass, possibly mistyped: too short or too long, in capitals, other digits, with or without hyphens. */
const likeAPass = /^[a-z0-9][a-z0-9 -]{15,63}$/i;

/** Records the secrets in a test's requests and answers, to detect them where they must not be. */
export class SecretWatch {
  readonly #secrets = new Map<string, string>();
  readonly #codes = new Set<string>();

  note(kind: string, secret: unknown): void {
    if (typeof secret !== 'string' || secret === '') return;
    if (kind === 'code') {
      if (/^\d{6}$/.test(secret)) this.#codes.add(secret);
    } else this.#secrets.set(secret, kind);
  }

  noteKeys({ secretAccessKey, sessionToken }: Partial<SigningKeys>): void {
    this.note('secret key', secretAccessKey);
    this.note('session token', sessionToken);
  }

  /** Records a request's secrets: codes, an enrolment pass, a presigned URL with its code, the signature. */
  noteRequest(headers: Readonly<Record<string, string>>, body: string | Buffer): void {
    this.note('signature', /Signature=([0-9a-f]{64})/.exec(headers['Authorization'] ?? '')?.[1]);
    const { code1, code2, presignedUrl, pass } = membersOf(body.toString());
    // Generated words that are nothing like a pass may appear in an answer for other reasons.
    if (typeof pass === 'string' && likeAPass.test(pass)) this.note('enrolment pass', pass);
    this.note('code', code1);
    this.note('code', code2);
    const query = URL.parse(typeof presignedUrl === 'string' ? presignedUrl : '')?.searchParams;
    this.note('code', query?.get('TokenCode'));
    this.note('signature of a presigned URL', query?.get('X-Amz-Signature'));
  }

  /** Records an answer's secrets: a seed, credentials or an enrolment pass. */
  noteAnswer(text: string): void {
    const { base32Seed, secretAccessKey, sessionToken, enrolmentPass } = membersOf(text);
    this.note('enrolment pass', enrolmentPass);
    this.note('seed', base32Seed);
    this.note('secret key', secretAccessKey);
    this.note('session token', sessionToken);
  }

  get kinds(): ReadonlySet<string> {
    return new Set([...this.#secrets.values(), ...(this.#codes.size > 0 ? ['code'] : [])]);
  }

  /** The kinds of secrets in a text. A code counts only if no digit or letter adjoins it. */
  leaksIn(text: string): readonly string[] {
    const leaked = [...this.#secrets]
      .filter(([secret]) =>
        [secret, encodeURIComponent(secret.toWellFormed())].some((form) => text.includes(form)),
      )
      .map(([, kind]) => kind);
    const numbers = text.match(/(?<![\w-])\d{6}(?![\w-])/g) ?? [];
    const codes = numbers.some((number) => this.#codes.has(number)) ? ['code'] : [];
    return [...new Set([...leaked, ...codes])];
  }
}

/** The members of a JSON object; none for anything else. */
function membersOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}
