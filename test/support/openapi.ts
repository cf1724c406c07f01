import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormatsModule from 'ajv-formats';
import type { Answer } from './http.ts';

// CommonJS: Node exposes the default export as a member.
const addFormats = addFormatsModule.default;

interface Response {
  readonly headers: Readonly<Record<string, Header>>;
  readonly content?: Readonly<Record<string, object>>;
}

interface Header {
  readonly required?: boolean;
}

const key = 'openapi.json';
const document = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: true, allErrors: true });
addFormats(ajv);
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(document, key);

const templates = Object.keys(document.paths);

/**
 * Asserts that docs/openapi.json documents the answer, from function or gateway. Without a documented operation,
 * only a problem is allowed.
 * @param target path and query as sent
 */
export function assertDocumented(
  method: string,
  target: string,
  { status, headers, body }: Pick<Answer, 'status' | 'headers' | 'body'>,
): void {
  const [path = ''] = target.split('?', 1);
  const pointer = operationPointer(method, path);
  const what = `${method} ${path} → ${status}`;
  if (pointer === undefined) {
    if (status < 400) throw new Error(`${what}: no documented operation`);
    assertFits('#/components/schemas/Problem', parse(body), what);
    return;
  }
  const [responsePointer, response] = resolve(`${pointer}/responses/${status}`);
  if (response === undefined) throw new Error(`${what}: no documented status`);
  assertHeaders(responsePointer, response, headers, what);
  assertContent(responsePointer, response, headers['content-type'], body, what);
}

/** JSON pointer of the operation; a path without parameters takes precedence. */
function operationPointer(method: string, path: string): string | undefined {
  const template = templates
    .filter((candidate) => document.paths[candidate][method.toLowerCase()] !== undefined)
    .filter((candidate) => fits(candidate, path))
    .sort((one, other) => one.split('{').length - other.split('{').length)
    .at(0);
  return template === undefined ? undefined : `#/paths/${escapeName(template)}/${method.toLowerCase()}`;
}

function fits(template: string, path: string): boolean {
  const segments = path.split('/');
  const parts = template.split('/');
  return (
    parts.length === segments.length &&
    parts.every((part, index) =>
      part.startsWith('{') ? isValue(segments[index] ?? '') : part === segments[index],
    )
  );
}

/** Whether a segment is literal: to API Gateway, dot segments and slashes are path syntax, encoded or not. */
function isValue(segment: string): boolean {
  const text = segment.replaceAll(/%2e/gi, '.').replaceAll(/%2f/gi, '/');
  return !['', '.', '..'].includes(text) && !text.includes('/');
}

function assertHeaders(pointer: string, response: Response, sent: IncomingHttpHeaders, what: string): void {
  for (const name of Object.keys(response.headers)) {
    const [headerPointer, header] = resolve(`${pointer}/headers/${name}`);
    const value = sent[name.toLowerCase()];
    if (value !== undefined) assertFits(`${headerPointer}/schema`, value, `${what}, header ${name}`);
    else if (header?.required) throw new Error(`${what}: header ${name} is missing`);
  }
}

function assertContent(
  pointer: string,
  { content }: Response,
  contentType: string | undefined,
  body: Buffer,
  what: string,
): void {
  if (content === undefined) {
    if (body.length > 0) throw new Error(`${what}: has a body`);
    return;
  }
  const [type = ''] = (contentType ?? '').split(';');
  if (content[type] === undefined) throw new Error(`${what}: no documented content type: ${contentType}`);
  if (!('schema' in content[type])) return;
  const value = type.endsWith('json') ? parse(body) : body.toString();
  assertFits(`${pointer}/content/${escapeName(type)}/schema`, value, what);
}

function assertFits(pointer: string, value: unknown, what: string): void {
  const validate = ajv.getSchema(`${key}${encodeURI(pointer)}`);
  if (validate === undefined) throw new Error(`docs/openapi.json has no ${pointer}`);
  if (validate(value)) return;
  throw new Error(`${what}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(value).slice(0, 500)}`);
}

/** The value at a JSON pointer, with the pointer it resolves to if it is a reference. */
function resolve(pointer: string): [string, (Response & Header) | undefined] {
  const found = pointer
    .slice(2)
    .split('/')
    .reduce((value, name) => value?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return typeof found?.$ref === 'string' ? resolve(found.$ref) : [pointer, found];
}

const escapeName = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

function parse(body: Buffer): unknown {
  return JSON.parse(body.toString());
}
