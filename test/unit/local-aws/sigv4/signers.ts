import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { AwsV4Signer } from 'aws4fetch';
import type { Credentials, Principal } from '../../../../local-aws/principal.ts';
import type { ReceivedRequest } from '../../../../local-aws/sigv4/verify.ts';

export const now = Date.UTC(2026, 10, 24, 9, 30, 0);
export const longTerm = { accessKeyId: 'AKIATESTALICE0000001', secretAccessKey: 'test-alice-secret' };
export const bob = { accessKeyId: 'AKIATESTBOB000000001', secretAccessKey: 'test-bob-secret' };
export const temporary = {
  accessKeyId: 'ASIATESTALICE0000001',
  secretAccessKey: 'test-session-secret',
  sessionToken: 'dG9rZW4vd2l0aCtzaWducz0=',
};
export const expired = { ...temporary, accessKeyId: 'ASIATESTEXPIRED00001' };

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

function alice(accessKeyId: string): Principal {
  return {
    type: 'user',
    accountId: '123456789012',
    arn: 'arn:aws:iam::123456789012:user/alice',
    userName: 'alice',
    userId: 'AIDATESTALICE0000001',
    accessKeyId,
  };
}

/** Knows the keys above, as the IAM state would. */
export const credentials: Credentials = {
  resolve(accessKeyId, sessionToken) {
    const keys: Keys | undefined = [longTerm, bob, temporary, expired].find(
      (key) => key.accessKeyId === accessKeyId,
    );
    if (keys === undefined || keys.sessionToken !== sessionToken) return { error: 'InvalidClientTokenId' };
    if (keys === expired) return { error: 'ExpiredToken' };
    return { secretAccessKey: keys.secretAccessKey, principal: alice(accessKeyId) };
  },
  identityPoliciesOf: () => [],
};

export interface Draft {
  readonly keys?: Keys;
  readonly method?: string;
  /** Path and query. */
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly service?: string;
  readonly region?: string;
  readonly signedAt?: number;
  readonly expiresIn?: number;
}

const host = '127.0.0.1:4000';

function settled(draft: Draft) {
  return {
    keys: longTerm,
    method: 'POST',
    target: '/v1/mfa-devices?a=1',
    headers: {},
    body: draft.method === 'GET' || draft.method === 'DELETE' ? '' : '{"name":"phone"}',
    service: 'execute-api',
    region: 'us-east-1',
    signedAt: now,
    ...draft,
  };
}

class Sha256 {
  readonly #hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data));
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

function smithyParts(draft: Draft) {
  const { keys, method, target, headers, body, service, region, signedAt } = settled(draft);
  const [path = '/', search = ''] = target.split('?', 2);
  const query: Record<string, string | string[]> = {};
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) query[name] = parameters.getAll(name);
  const signer = new SignatureV4({ credentials: keys, region, service, sha256: Sha256 });
  const request = {
    method,
    protocol: 'http:',
    hostname: '127.0.0.1',
    path,
    query,
    headers: { host, ...headers },
    body,
  };
  return { signer, request, target, signingDate: new Date(signedAt) };
}

/** Signs as the AWS SDK does: header form. */
export async function signWithSmithy(draft: Draft): Promise<ReceivedRequest> {
  const { signer, request, target, signingDate } = smithyParts(draft);
  const signed = await signer.sign(request, { signingDate });
  return received(signed.method, target, signed.headers, request.body);
}

/** Presigns as the AWS SDK does. */
export async function presignWithSmithy(draft: Draft): Promise<ReceivedRequest> {
  const { signer, request, signingDate } = smithyParts({ method: 'GET', ...draft });
  const signed = await signer.presign(request, { signingDate, expiresIn: draft.expiresIn ?? 60 });
  const search = Object.entries(signed.query ?? {}).flatMap(([name, values]) =>
    [values ?? ''].flat().map((value) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  );
  return received(signed.method, `${signed.path}?${search.join('&')}`, signed.headers, request.body);
}

/** Signs as aws4fetch does, in the header or, with `signQuery`, as a presigned URL. */
export async function signWithAws4fetch(draft: Draft, signQuery = false): Promise<ReceivedRequest> {
  const { keys, method, target, headers, body, service, region, signedAt } = settled(draft);
  const signed = await new AwsV4Signer({
    ...keys,
    url: `http://${host}${target}`,
    method,
    headers: { ...headers },
    body,
    service,
    region,
    signQuery,
    datetime: new Date(signedAt).toISOString().replace(/[:-]|\.\d{3}/g, ''),
  }).sign();
  const sent = { host, ...Object.fromEntries(new Headers(signed.headers)) };
  return received(signed.method, `${signed.url.pathname}${signed.url.search}`, sent, body);
}

function received(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): ReceivedRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return { method, target, headers: Object.fromEntries(lower), body: Buffer.from(body) };
}

/** The same request with some headers set, or with undefined taken away. */
export function withHeaders(
  request: ReceivedRequest,
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): ReceivedRequest {
  return { ...request, headers: { ...request.headers, ...headers } };
}

/**
 * A GET, signed from the specification alone over the canonical path and query written out, at 20261124T093000Z;
 * `headers` are both signed and sent.
 */
export function signByHand(
  canonical: { readonly path: string; readonly query: string },
  sent: { readonly target: string; readonly headers: Readonly<Record<string, string>> },
  scope = '20261124/us-east-1/execute-api/aws4_request',
): ReceivedRequest {
  const names = Object.keys(sent.headers).sort();
  const lines = names.map((name) => `${name}:${sent.headers[name]}\n`).join('');
  const emptyHash = createHash('sha256').digest('hex');
  const text = `GET\n${canonical.path}\n${canonical.query}\n${lines}\n${names.join(';')}\n${emptyHash}`;
  const textHash = createHash('sha256').update(text).digest('hex');
  let key: Buffer = Buffer.from(`AWS4${longTerm.secretAccessKey}`);
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  const signature = createHmac('sha256', key)
    .update(`AWS4-HMAC-SHA256\n20261124T093000Z\n${scope}\n${textHash}`)
    .digest('hex');
  const authorization = [
    `AWS4-HMAC-SHA256 Credential=${longTerm.accessKeyId}/${scope}`,
    `SignedHeaders=${names.join(';')}`,
    `Signature=${signature}`,
  ].join(', ');
  return received('GET', sent.target, { ...sent.headers, authorization }, '');
}
