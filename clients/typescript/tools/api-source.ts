import type { Content, Document, DocumentedOperation } from './document.ts';
import { comment, constant, type Schema, SchemaTypes } from './schema-types.ts';

type Schemas = Document['components']['schemas'];

const json = 'application/json';

/** Fields that are valid for one use only: codes, passes and presigned URLs. */
const spentFields = ['code1', 'code2', 'pass', 'presignedUrl'];

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

interface Operation extends DocumentedOperation {
  readonly method: (typeof methods)[number];
  readonly path: string;
  /** The content of its success response. */
  readonly content: Content;
}

/** The generated sources in src/ by file name, not yet formatted. */
export function apiSources({ paths, components: { schemas } }: Document): Readonly<Record<string, string>> {
  const types = new SchemaTypes(schemas);
  const parts = operationsIn(paths).map((operation) => partsOf(operation, schemas, types));
  const problemCodes = schemas['Problem']?.properties?.['code']?.enum ?? [];
  const used = parts.flatMap(({ uses }) => uses);
  return {
    'models.ts': source(...types.declarations(), ...parts.flatMap(({ input }) => input)),
    'problem-codes.ts': source(
      '/** All problem codes of the API, explained in docs/problems.md. */\n' +
        constant('problemCodes', problemCodes),
      'export type ProblemCode = (typeof problemCodes)[number];',
    ),
    'operations.ts': source(
      `import type { ${[...new Set(used)].sort().join(', ')} } from './models.ts';\n` +
        "import type { OperationInfo } from './operation-info.ts';\n" +
        "import type { CallOptions } from './options.ts';",
      `/** The operations of the API. */\nexport interface Api {\n${parts.map(({ methods }) => methods).join('\n')}\n}`,
      'export const operations: Readonly<Record<keyof Api, OperationInfo>> = {\n' +
        `${parts.map(({ entry }) => entry).join('\n')}\n};`,
    ),
  };
}

const source = (...parts: readonly string[]): string =>
  ['// Generated from docs/openapi.json by `npm run client`. Do not edit.', ...parts].join('\n\n');

/** The operations for clients, sorted by name. Webhooks are for ticketing systems and pages for browsers. */
function operationsIn(paths: Document['paths']): readonly Operation[] {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method.toLowerCase()];
      return operation === undefined ? [] : [{ ...operation, method, path, content: answerOf(operation) }];
    }),
  );
  return all
    .filter(({ operationId, content }) => operationId !== 'receiveTicket' && !('text/html' in content))
    .sort((one, other) => (one.operationId < other.operationId ? -1 : 1));
}

function answerOf({ responses }: DocumentedOperation): Content {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  return success?.[1].content ?? {};
}

interface Parts {
  /** The declaration of the input type, if the operation takes input. */
  readonly input: readonly string[];
  /** The named types its methods use. */
  readonly uses: readonly string[];
  readonly methods: string;
  readonly entry: string;
}

function partsOf(operation: Operation, schemas: Schemas, types: SchemaTypes): Parts {
  const { operationId: name, content } = operation;
  const argument = argumentOf(operation, schemas);
  const hasArgument = Object.keys(argument.properties ?? {}).length > 0;
  const inputType = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`;
  const optional = argument.required?.length === 0 ? '?' : '';
  const input = hasArgument ? `input${optional}: ${inputType}, ` : '';
  const schema = content[json]?.schema;
  const answer = schema === undefined ? 'void' : types.typeOf(schema, 'answer');
  return {
    input: hasArgument ? [`export interface ${inputType} ${types.members(argument, 'argument')}`] : [],
    uses: [...(hasArgument ? [inputType] : []), ...(types.isNamed(answer) ? [answer] : [])],
    methods: methodsOf(operation, input, answer),
    entry: `${name}: ${JSON.stringify(infoOf(operation, argument))},`,
  };
}

function infoOf({ method, path, parameters = [], requestBody, security }: Operation, argument: Schema) {
  const query = parameters.filter((one) => one.in === 'query').map((one) => one.name);
  return {
    method,
    path,
    ...(query.length > 0 && { query }),
    ...(requestBody !== undefined && { body: true }),
    ...(security.length === 0 && { anonymous: true }),
    ...(security.some(({ sigv4 }) => sigv4.includes('recent-mfa')) && { gated: true }),
    ...(isRepeatable(method, argument) && { repeatable: true }),
  };
}

/** Path, query and body in one object. Throws if two of them have a member of the same name. */
function argumentOf({ parameters = [], requestBody }: DocumentedOperation, schemas: Schemas): Schema {
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
  return ['PUT', 'DELETE'].includes(method) && !spentFields.some((field) => field in properties);
}

/** One overload per kind of other media, followed by that for JSON. */
function methodsOf(
  { operationId: name, summary, description, content }: Operation,
  input: string,
  answer: string,
): string {
  const [whatItDoes = ''] = description.split('\n\n');
  const texts = Object.keys(content).filter((type) => type !== json && type !== 'image/png');
  const argument = input.replace('?', '');
  const optionalInput = argument === input ? input : argument.replace(', ', ' | undefined, ');
  const options = (accept: string) => `${optionalInput}options: CallOptions & { readonly accept: ${accept} }`;
  return [
    comment(`${summary}. ${whatItDoes}`),
    'image/png' in content ? `${name}(${options("'image/png'")}): Promise<Uint8Array<ArrayBuffer>>;\n` : '',
    texts.length > 0
      ? `${name}(${options(texts.map((type) => `'${type}'`).join(' | '))}): Promise<string>;\n`
      : '',
    `${name}(${input}options?: CallOptions): Promise<${answer}>;`,
  ].join('');
}
