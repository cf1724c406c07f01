import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { codeLimit } from '../../shared/contract/code-limit.ts';
import type { Gate, Operation } from '../../shared/contract/operation.ts';
import { noBody, noContent } from '../../shared/contract/schemas.ts';
import { fields } from './fields.ts';
import {
  problemExamples,
  problemResponseComponents,
  problemResponses,
  problemSchemas,
  problemsOf,
  rateLimitHeaders,
} from './problems.ts';
import { type JsonSchema, pascalCase, Schemas } from './schemas.ts';

/** The members of the document that other code reads. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, JsonSchema>>;
    readonly [kind: string]: Readonly<Record<string, object>>;
  };
  readonly [member: string]: unknown;
}

export interface OpenApiOperation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, object>>;
  readonly [member: string]: unknown;
}

/** Operations on the caller's own devices go by their gate; those on other users are for staff. */
type TagKey = Gate | 'staff';

const tags: Readonly<Record<TagKey, { readonly name: string; readonly description: string }>> = {
  identity: {
    name: 'With your identity',
    description: 'Signed with any credentials of an IAM user, including a long-term access key alone.',
  },
  'second-factor': {
    name: 'With recent MFA',
    description:
      'Signed with credentials of an STS session that was obtained with MFA no longer ago than ' +
      '`stepUpMaxAgeSeconds` of `GET /v1/me`. `POST /v1/me/sessions` returns such a session.',
  },
  staff: {
    name: 'For help desk and auditors',
    description:
      'Signed with credentials of a role session, or of an STS session that an IAM user obtained with MFA no longer ' +
      'ago than `stepUpMaxAgeSeconds` of `GET /v1/me`.',
  },
  anonymous: { name: 'Open to anyone', description: 'Not signed with AWS credentials.' },
};

const tagOf = ({ gate, audience }: Operation): TagKey =>
  audience.includes('self-service') || audience.includes('anyone') ? gate : 'staff';

/** Ways to sign. The roles say what the credentials must be from: a session with recent MFA, or a role session. */
const security: Readonly<Record<TagKey, readonly { readonly sigv4: readonly string[] }[]>> = {
  identity: [{ sigv4: [] }],
  'second-factor': [{ sigv4: ['recent-mfa'] }],
  staff: [{ sigv4: ['recent-mfa'] }, { sigv4: ['role-session'] }],
  anonymous: [],
};

/** What each gate requires, in words. */
const gateWords: Readonly<Record<TagKey, string>> = {
  identity: '',
  'second-factor':
    'Needs a session with recent MFA: with other credentials the answer is `access-denied` or `step-up-required`.',
  staff:
    'Needs a role session, or a session of a user with recent MFA: with other credentials the answer is ' +
    '`access-denied` or `step-up-required`.',
  anonymous: '',
};

/** The OpenAPI 3.1 document of these operations. Deterministic: the same operations give the same text. */
export function openApiDocument(operations: readonly Operation[]): OpenApiDocument {
  const schemas = new Schemas();
  const problems = operations.map(problemsOf);
  const paths = Map.groupBy(operations, ({ path }) => path);
  const sorted = [...paths].sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    openapi: '3.1.0',
    info: info(),
    servers: [{ url: '..', description: 'Relative to this document: the API that serves it.' }],
    tags: Object.values(tags),
    paths: Object.fromEntries(sorted.map(([path, group]) => [path, pathItem(group, schemas)])),
    components: {
      schemas: { ...schemas.components(), ...problemSchemas },
      responses: problemResponseComponents(problems),
      examples: problemExamples(problems),
      headers,
      securitySchemes,
    },
  };
}

function info(): object {
  const { version, license } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  return {
    title: 'MFA self-service API for AWS IAM',
    summary: 'IAM users manage their own virtual MFA devices.',
    description:
      'Requests are signed with AWS Signature Version 4 for the service `execute-api`. Errors are problem documents ' +
      '(RFC 9457) with a stable `code`. Times are RFC 3339 in UTC. Responses must not be cached.',
    version,
    license: { name: license, identifier: license },
  };
}

const securitySchemes = {
  sigv4: {
    type: 'apiKey',
    name: 'Authorization',
    in: 'header',
    description:
      'AWS Signature Version 4 for the service `execute-api`, by an IAM user of the same account as the API or, for ' +
      'help desk and auditor operations, by a role session of that account. Operations that require more say so as a ' +
      'role: `recent-mfa` is a session that was obtained with MFA no longer ago than `stepUpMaxAgeSeconds`, and ' +
      '`role-session` is the session of a role.',
    'x-amazon-apigateway-authtype': 'awsSigv4',
  },
};

const headers = {
  CacheControl: {
    description: 'Responses must not be stored.',
    required: true,
    schema: { type: 'string', const: 'no-store' },
  },
  RequestId: {
    description:
      "The request's id. If API Gateway itself refused the request, only the problem document has it.",
    schema: { type: 'string' },
  },
  RateLimit: {
    description:
      'Sent once codes were counted: how many more times codes of the device may be submitted (`r`), and the seconds ' +
      'until the limit is reset (`t`).',
    schema: { type: 'string', pattern: '^"codes";r=\\d;t=\\d+$' },
    example: '"codes";r=4;t=117',
  },
  RateLimitPolicy: {
    description: 'How many times codes of one device may be submitted (`q`) within how many seconds (`w`).',
    schema: { type: 'string', const: `"codes";q=${codeLimit.most};w=${codeLimit.windowSeconds}` },
  },
  RetryAfter: {
    description: 'Seconds to wait before trying again.',
    schema: { type: 'string', pattern: '^[0-9]+$' },
  },
};

function pathItem(operations: readonly Operation[], schemas: Schemas): Record<string, OpenApiOperation> {
  return Object.fromEntries(
    operations.map((operation) => [operation.method.toLowerCase(), operationObject(operation, schemas)]),
  );
}

function operationObject(operation: Operation, schemas: Schemas): OpenApiOperation {
  const { name, summary, description, input } = operation;
  const id = pascalCase(name);
  const parameters = [
    ...Object.entries(input.path.shape).map(([key, schema]) => parameter('path', key, schema, id, schemas)),
    ...Object.entries(input.query.shape).map(([key, schema]) => parameter('query', key, schema, id, schemas)),
  ];
  return {
    operationId: id.charAt(0).toLowerCase() + id.slice(1),
    summary,
    description: [description, mediaWords(operation), gateWords[tagOf(operation)]]
      .filter(Boolean)
      .join('\n\n'),
    tags: [tags[tagOf(operation)].name],
    security: security[tagOf(operation)],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(input.body === noBody ? {} : { requestBody: requestBody(operation, schemas) }),
    responses: {
      ...successes(operation, schemas),
      ...problemResponses(problemsOf(operation)),
    },
  };
}

function mediaWords({ media, output }: Operation): string {
  if (media.length === 0 || output === noContent) return '';
  const others = media.map((type) => `\`${type}\``).join(', ');
  const what = media.includes('image/png') ? 'just the QR code' : 'that format';
  return `Send ${others} in \`Accept\` to get ${what}.`;
}

function parameter(
  place: 'path' | 'query',
  name: string,
  schema: Operation['input']['path']['shape'][string],
  owner: string,
  schemas: Schemas,
): object {
  const field = fields[`${owner}.${name}`] ?? fields[name];
  if (field === undefined) throw new Error(`infra/openapi/fields.ts does not describe ${owner}.${name}`);
  const json: JsonSchema = field.schema ?? schemas.of(schema, owner, 'input');
  return {
    name,
    in: place,
    required: !z.safeParse(schema, undefined).success,
    description: field.description,
    schema: json,
    example: schemas.example(json, owner, name),
  };
}

function requestBody({ name, input }: Operation, schemas: Schemas): object {
  const id = `${pascalCase(name)}Input`;
  const schema = schemas.named(input.body, id, 'input');
  return {
    required: true,
    content: { 'application/json': { schema, example: schemas.example(schema, id) } },
  };
}

function successes(operation: Operation, schemas: Schemas): Record<string, object> {
  const { status, repeatStatus } = operation;
  const first = success(operation, schemas);
  return {
    ...(repeatStatus !== undefined && {
      [repeatStatus]: { ...first, description: 'Already done: what the same request created before.' },
    }),
    [status]: first,
  };
}

function success(operation: Operation, schemas: Schemas): object {
  const { name, output, media, status } = operation;
  const id = `${pascalCase(name)}Output`;
  const others = media.map((type) => [type, type === 'image/png' ? {} : { schema: { type: 'string' } }]);
  const content = Object.fromEntries(others);
  if (output !== noContent) {
    const schema = schemas.named(output, id, 'output');
    content['application/json'] = { schema, example: schemas.example(schema, id) };
  }
  return {
    description: { 200: 'Done.', 201: 'Created.', 204: 'Done; no content.' }[status],
    headers: {
      'Cache-Control': { $ref: '#/components/headers/CacheControl' },
      ...(operation.table.codes && rateLimitHeaders),
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    },
    ...(Object.keys(content).length > 0 ? { content } : {}),
  };
}
