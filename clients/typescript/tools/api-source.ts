import { openApiDocument } from '../../../infra/openapi/document.ts';
import { pascalCase } from '../../../infra/openapi/schemas.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import type { Operation } from '../../../shared/contract/operation.ts';
import { problems } from '../../../shared/contract/problem.ts';
import { comment, type Schema, SchemaTypes } from './schema-types.ts';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

interface DocumentedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const json = 'application/json';

/** Fields that may be sent only once: codes and what is good for one use. */
const spentFields = ['code1', 'code2', 'pass', 'presignedUrl'];

/** Webhooks are for ticketing systems, and a page is for browsers: neither is an operation of the client. */
export const isForClients = ({ name, media }: Pick<Operation, 'name' | 'media'>): boolean =>
  name !== 'receive-ticket' && !media.includes('text/html');

/** The source of src/api.ts: types, operations and problem codes as the contracts have them, not yet formatted. */
export async function apiSource(): Promise<string> {
  const contracts = await loadOperations();
  const document: Document = JSON.parse(JSON.stringify(openApiDocument(contracts)));
  const types = new SchemaTypes(document.components.schemas);
  const parts = contracts.filter(isForClients).map((contract) => partsOf(contract, document, types));
  return [
    '// Made from shared/contract by `npm run client`; not to be edited.',
    "import type { CallOptions } from './options.ts';",
    types.declarations(),
    ...parts.map(({ argument }) => argument).filter(Boolean),
    `/** The operations of the API. */\nexport interface Api {\n${parts.map(({ methods }) => methods).join('\n')}\n}`,
    operationInfo,
    `export const operations: Readonly<Record<keyof Api, OperationInfo>> = {\n${parts.map(({ entry }) => entry).join('\n')}\n};`,
    `/** Every problem that the API answers with; docs/problems.md tells their meaning. */\nexport const problemCodes = [${Object.keys(
      problems,
    )
      .map((code) => `'${code}'`)
      .join(', ')}] as const;`,
    'export type ProblemCode = (typeof problemCodes)[number];',
  ].join('\n\n');
}

const operationInfo = `/** How an operation is called. */
export interface OperationInfo {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces. */
  readonly path: string;
  /** Names of the parameters in the query; what is in neither path nor query goes into the body. */
  readonly query?: readonly string[];
  readonly body?: true;
  /** Whether it is sent without a signature. */
  readonly anonymous?: true;
  /** Whether it needs a session with MFA. */
  readonly gated?: true;
  /** Whether sending it twice does what sending it once does. */
  readonly repeatable?: true;
}`;

interface Parts {
  /** The interface of the argument; empty when the operation has none. */
  readonly argument: string;
  readonly methods: string;
  readonly entry: string;
}

function partsOf(contract: Operation, { paths, components }: Document, types: SchemaTypes): Parts {
  const { name, method, path, gate } = contract;
  const documented = paths[path]?.[method.toLowerCase()];
  if (documented === undefined) throw new Error(`The document has no ${method} ${path}`);
  const argument = argumentOf(documented, components.schemas);
  const id = pascalCase(name);
  const camel = id.charAt(0).toLowerCase() + id.slice(1);
  const hasArgument = Object.keys(argument.properties ?? {}).length > 0;
  const query = (documented.parameters ?? []).filter((one) => one.in === 'query').map((one) => one.name);
  const info = {
    method,
    path,
    ...(query.length > 0 && { query }),
    ...(documented.requestBody !== undefined && { body: true }),
    ...(gate === 'anonymous' && { anonymous: true }),
    ...(gate === 'second-factor' && { gated: true }),
    ...(isRepeatable(method, argument) && { repeatable: true }),
  };
  return {
    argument: hasArgument ? `export interface ${id}Input ${types.members(argument, 'argument')}` : '',
    methods: methodsOf(
      contract,
      camel,
      hasArgument ? inputOf(id, argument) : '',
      answerOf(documented, types),
    ),
    entry: `${camel}: ${JSON.stringify(info)},`,
  };
}

/** Path, query and body in one object. Throws where two of them have a member of the same name. */
function argumentOf(
  { parameters = [], requestBody }: DocumentedOperation,
  schemas: Readonly<Record<string, Schema>>,
): Schema {
  const sent = requestBody?.content[json]?.schema;
  const body = sent?.$ref === undefined ? sent : schemas[sent.$ref.slice(sent.$ref.lastIndexOf('/') + 1)];
  const members = parameters.map(
    ({ name, schema, description }) => [name, { ...schema, description }] as const,
  );
  const all = [...members, ...Object.entries(body?.properties ?? {})];
  const properties = Object.fromEntries(all);
  if (Object.keys(properties).length !== all.length) throw new Error('Two parameters have the same name');
  const required = parameters.filter((one) => one.required).map(({ name }) => name);
  return { type: 'object', properties, required: [...required, ...(body?.required ?? [])] };
}

function isRepeatable(method: Operation['method'], { properties = {} }: Schema): boolean {
  if (method === 'GET') return true;
  return ['PUT', 'DELETE'].includes(method) && !spentFields.some((field) => field in properties);
}

const inputOf = (id: string, { required = [] }: Schema): string =>
  `input${required.length === 0 ? '?' : ''}: ${id}Input, `;

function answerOf({ responses }: DocumentedOperation, types: SchemaTypes): string {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  const schema = success?.[1].content?.[json]?.schema;
  return schema === undefined ? 'void' : types.typeOf(schema, 'answer');
}

/** One signature for JSON, and before it one for each kind of other media. */
function methodsOf(
  { summary, description, media }: Operation,
  name: string,
  input: string,
  answer: string,
): string {
  const texts = media.filter((type) => type !== 'image/png').map((type) => `'${type}'`);
  const argument = input.replace('?', '');
  const optionalInput = argument === input ? input : argument.replace(', ', ' | undefined, ');
  const options = (accept: string) => `${optionalInput}options: CallOptions & { readonly accept: ${accept} }`;
  return [
    `${comment(`${summary}. ${description}`)}`,
    media.includes('image/png')
      ? `${name}(${options("'image/png'")}): Promise<Uint8Array<ArrayBuffer>>;\n`
      : '',
    texts.length > 0 ? `${name}(${options(texts.join(' | '))}): Promise<string>;\n` : '',
    `${name}(${input}options?: CallOptions): Promise<${answer}>;`,
  ].join('');
}
