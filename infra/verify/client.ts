import {
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request as requestHttp,
} from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Keys, signatures } from './sign.ts';

/** A response; without one, the status is 0 and the text says why. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The code of a problem document; empty for any other response. */
  readonly code: string;
  readonly text: string;
  readonly body: Buffer;
}

export interface Sending {
  readonly method: string;
  /** Relative to the API's URL, sent exactly as written. Without a leading slash, it is the whole target. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as it goes out. */
interface Wire {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Retries of throttled requests; the pause is in milliseconds and grows with each attempt. */
const throttling = { attempts: 8, pause: 500 };
const timeoutMillis = 35_000;
/** How often a request is sent until a response comes: what is in front of the API may reset connections. */
const tries = 2;

/** Sends requests exactly as written: `URL` and `fetch` would normalise their paths. */
export class Client {
  readonly #url: URL;
  readonly #region: string;
  #sent = 0;

  constructor(url: URL, region: string) {
    this.#url = url;
    this.#region = region;
  }

  /** The number of requests sent so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Unsigned without keys; otherwise tries each way of signing until one is not refused for its signature. */
  async send({ method, path, headers = {}, body = '' }: Sending, keys: Keys | undefined): Promise<Answer> {
    const base = path.startsWith('/') ? this.#url.pathname.replace(/\/$/, '') : '';
    const target = `${base}${path}`;
    const plain = body === '' ? headers : { 'content-type': 'application/json', ...headers };
    const wire = { method, target, headers: plain, body };
    if (keys === undefined) return this.#sendPatiently(wire);
    let answer: Answer | undefined;
    for (const signed of signatures({ ...wire, host: this.#url.host }, keys, this.#region)) {
      answer = await this.#sendPatiently({ ...wire, headers: signed });
      if (!failsSignature(answer)) return answer;
    }
    if (answer === undefined) throw new Error('The request could not be signed.');
    return answer;
  }

  async #sendPatiently(wire: Wire): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#sendInSpiteOfResets(wire);
      if (answer.status !== 429 || attempt === throttling.attempts) return answer;
      await sleep(throttling.pause * attempt);
    }
  }

  async #sendInSpiteOfResets(wire: Wire): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#sendOnce(wire).catch(lost);
      if (answer.status !== 0 || attempt === tries) return answer;
    }
  }

  #sendOnce({ method, target, headers, body }: Wire): Promise<Answer> {
    this.#sent++;
    const { protocol, hostname, port } = this.#url;
    const length = body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = protocol === 'https:' ? requestHttps : requestHttp;
    const options = {
      ...{ hostname, port, method, path: target },
      headers: { ...headers, ...length },
      timeout: timeoutMillis,
    };
    return new Promise((resolve, reject) => {
      const sent = request(options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => resolve(answerOf(response, Buffer.concat(chunks))));
      });
      sent.on('timeout', () => sent.destroy(new Error(`${hostname} did not respond in time`)));
      sent.on('error', reject);
      sendBody(sent, body);
    });
  }
}

/** From this many characters on, a body is held back for some milliseconds. */
const large = { characters: 1_000_000, pause: 1000 };

/** A refusal may come after the headers; sending a large body then would break the connection before it is read. */
function sendBody(sent: ClientRequest, body: string): void {
  if (body.length < large.characters) {
    sent.end(body);
    return;
  }
  sent.flushHeaders();
  const timer = setTimeout(() => sent.end(body), large.pause);
  sent.once('response', (response) => {
    clearTimeout(timer);
    response.once('end', () => sent.destroy());
  });
}

/** Whether API Gateway refused the request for its signature, which says nothing about the gate. */
export function failsSignature({ headers }: Answer): boolean {
  return headers['x-amzn-errortype'] === 'InvalidSignatureException';
}

function answerOf({ statusCode = 0, headers }: IncomingMessage, body: Buffer): Answer {
  const text = body.toString();
  return { status: statusCode, headers, code: codeIn(text), text, body };
}

const lost = (error: Error): Answer => ({
  status: 0,
  headers: {},
  code: '',
  text: error.message,
  body: Buffer.alloc(0),
});

function codeIn(text: string): string {
  try {
    const { code } = JSON.parse(text);
    return typeof code === 'string' ? code : '';
  } catch {
    return '';
  }
}
