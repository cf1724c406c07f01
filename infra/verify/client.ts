import { type IncomingHttpHeaders, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Keys, signatures } from './sign.ts';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The code of a problem document; empty for any other response. */
  readonly code: string;
  readonly text: string;
}

export interface Sending {
  readonly method: string;
  /** Relative to the API's URL, sent exactly as written. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Retries of throttled requests; the pause is in milliseconds and grows with each attempt. */
const throttling = { attempts: 8, pause: 500 };
const timeoutMillis = 35_000;

/** Sends requests exactly as written: `URL` and `fetch` would normalise their paths. */
export class Client {
  readonly #url: URL;
  readonly #region: string;

  constructor(url: URL, region: string) {
    this.#url = url;
    this.#region = region;
  }

  /** Unsigned without keys; otherwise tries each way of signing until one is not refused for its signature. */
  async send({ method, path, headers = {}, body = '' }: Sending, keys: Keys | undefined): Promise<Answer> {
    const target = `${this.#url.pathname.replace(/\/$/, '')}${path}`;
    const plain = body === '' ? headers : { ...headers, 'content-type': 'application/json' };
    if (keys === undefined) return this.#sendPatiently(method, target, plain, body);
    const unsigned = { method, target, host: this.#url.host, headers: plain, body };
    let answer: Answer | undefined;
    for (const signed of signatures(unsigned, keys, this.#region)) {
      answer = await this.#sendPatiently(method, target, signed, body);
      if (!failsSignature(answer)) return answer;
    }
    if (answer === undefined) throw new Error('The request could not be signed.');
    return answer;
  }

  async #sendPatiently(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#sendOnce(method, path, headers, body);
      if (answer.status !== 429 || attempt === throttling.attempts) return answer;
      await sleep(throttling.pause * attempt);
    }
  }

  #sendOnce(
    method: string,
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Answer> {
    const { protocol, hostname, port } = this.#url;
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = protocol === 'https:' ? requestHttps : requestHttp;
    const options = {
      hostname,
      port,
      method,
      path,
      headers: { ...headers, ...length },
      timeout: timeoutMillis,
    };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, code: codeIn(text), text });
        });
      });
      sent.on('timeout', () => sent.destroy(new Error(`${hostname} did not respond in time`)));
      sent.on('error', reject);
      sent.end(body);
    });
  }
}

/** Whether API Gateway refused the request for its signature, which says nothing about the gate. */
export function failsSignature({ headers }: Answer): boolean {
  return headers['x-amzn-errortype'] === 'InvalidSignatureException';
}

function codeIn(text: string): string {
  try {
    const { code } = JSON.parse(text);
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}
