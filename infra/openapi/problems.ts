import { readFileSync } from 'node:fs';
import type { IamAction } from '../../shared/contract/iam-actions.ts';
import type { Gate, Operation } from '../../shared/contract/operation.ts';
import { type ProblemCode, type ProblemMembers, problems } from '../../shared/contract/problem.ts';
import { problemDocument } from '../../shared/contract/problem-document.ts';
import { type JsonSchema, pascalCase } from './schemas.ts';

const codes = Object.keys(problems).filter((code): code is ProblemCode => code in problems);

/** What any operation can return, whoever may call it: from the chain of checks, or from API Gateway. */
const everywhere: readonly ProblemCode[] = [
  'validation-failed',
  'access-denied',
  'route-not-found',
  'body-too-large',
  'unsupported-media-type',
  'throttled',
  'internal-error',
  'upstream-failed',
  'timeout',
];

const byGate: Readonly<Record<Gate, readonly ProblemCode[]>> = {
  anonymous: [],
  identity: ['unauthenticated', 'session-expired'],
  'second-factor': ['unauthenticated', 'session-expired', 'step-up-required'],
};

/** A change can collide with another one, or find the device gone. */
const ofChanges: readonly ProblemCode[] = ['device-not-found', 'busy'];

/** X-HTTP-Method-Override can make a POST a method that the route does not have: API Gateway answers as if unsigned. */
const ofPosts: readonly ProblemCode[] = ['unauthenticated'];

/** A user can be deleted while their credentials still work. */
const byAction: Partial<Record<IamAction, readonly ProblemCode[]>> = {
  'iam:GetUser': ['user-not-found'],
  'iam:ListMFADevices': ['user-not-found'],
};

/** Optional members of a problem document. */
const extras: Readonly<Record<keyof ProblemMembers, JsonSchema>> = {
  errors: {
    description: 'Everything that is wrong with the input.',
    type: 'array',
    minItems: 1,
    items: { $ref: '#/components/schemas/InputError' },
  },
  retryAfter: {
    description: 'Seconds to wait before trying again; also sent as Retry-After.',
    type: 'integer',
    minimum: 0,
  },
  resyncMayHelp: {
    description: 'Whether resynchronising the device may help: its clock may have drifted.',
    type: 'boolean',
  },
  maxAgeSeconds: {
    description: 'Seconds for which a session with MFA counts as recent.',
    type: 'integer',
    minimum: 1,
  },
  changesAllowedFrom: {
    description: 'When you can add, replace and remove devices again.',
    type: 'string',
    format: 'date-time',
  },
  awsRequestId: { description: 'The AWS request id of the failed call.', type: 'string' },
};

const exampleExtras: Partial<Record<ProblemCode, ProblemMembers>> = {
  'validation-failed': { errors: [{ pointer: '/body/name', detail: 'is required' }] },
  'access-denied': { maxAgeSeconds: 900 },
  'step-up-required': { maxAgeSeconds: 900 },
  'recently-resynchronised': { retryAfter: 82_800, changesAllowedFrom: '2026-11-03T09:15:00Z' },
  'device-not-ready': { retryAfter: 12 },
  'invalid-authentication-code': { retryAfter: 17, resyncMayHelp: false },
  busy: { retryAfter: 2 },
  'report-not-ready': { retryAfter: 5 },
  'recovery-limit': { retryAfter: 52_800 },
  throttled: { retryAfter: 1 },
};

export const problemSchemas: Readonly<Record<string, JsonSchema>> = {
  InputError: {
    description: 'One thing wrong with the input.',
    type: 'object',
    properties: {
      pointer: {
        description: 'JSON pointer (RFC 6901) below /body, /query or /path.',
        type: 'string',
        format: 'json-pointer',
      },
      detail: { description: 'What it should be.', type: 'string' },
    },
    required: ['pointer', 'detail'],
    additionalProperties: false,
  },
  Problem: {
    description: 'A problem document (RFC 9457). Switch on its code: the list is closed.',
    type: 'object',
    properties: {
      type: {
        description: '/problems/ and the code.',
        type: 'string',
        format: 'uri-reference',
        pattern: '^/problems/[a-z-]+$',
      },
      title: { description: 'What the code means.', type: 'string' },
      status: { description: 'The HTTP status.', type: 'integer' },
      detail: { description: 'What happened here and what to do, for people to read.', type: 'string' },
      code: { description: 'What happened, for programs.', type: 'string', enum: codes },
      requestId: { description: 'Quote it when you ask for help.', type: 'string' },
      ...extras,
    },
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    additionalProperties: false,
  },
};

/** Every problem that an operation can return: its own, and those that follow from the rest of its contract. */
export function problemsOf({ gate, method, actions, problems: own }: Operation): readonly ProblemCode[] {
  const all = new Set([
    ...everywhere,
    ...byGate[gate],
    ...(method === 'GET' ? [] : ofChanges),
    ...(method === 'POST' ? ofPosts : []),
    ...actions.flatMap((action) => byAction[action] ?? []),
    ...own,
  ]);
  return codes.filter((code) => all.has(code));
}

/** References to the responses for these problems, by status. */
export function problemResponses(all: readonly ProblemCode[]): Readonly<Record<string, object>> {
  const byStatus = [...Map.groupBy(all, (code) => problems[code].status)];
  return Object.fromEntries(
    byStatus.map(([status, some]) => [status, { $ref: `#/components/responses/${responseName(some)}` }]),
  );
}

/** The responses that these lists of problems refer to, by name. */
export function problemResponseComponents(
  lists: readonly (readonly ProblemCode[])[],
): Readonly<Record<string, object>> {
  const groups = lists.flatMap((all) => [...Map.groupBy(all, (code) => problems[code].status).values()]);
  const entries = groups.map((some) => [responseName(some), problemResponse(some)] as const);
  return Object.fromEntries(entries.sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** How an operation that takes codes reports the limit on guessing them, once it has counted them. */
export const rateLimitHeaders = {
  RateLimit: { $ref: '#/components/headers/RateLimit' },
  'RateLimit-Policy': { $ref: '#/components/headers/RateLimitPolicy' },
};

function responseName(some: readonly ProblemCode[]): string {
  return some.map(pascalCase).join('Or');
}

function problemResponse(some: readonly ProblemCode[]): object {
  const [first] = some;
  return {
    description: some.map((code) => `\`${code}\`: ${problems[code].title}.`).join('\n\n'),
    headers: {
      'Cache-Control': { $ref: '#/components/headers/CacheControl' },
      ...rateLimitHeaders,
      'Retry-After': { $ref: '#/components/headers/RetryAfter' },
      'X-Request-Id': { $ref: '#/components/headers/RequestId' },
    },
    content: {
      'application/problem+json': {
        schema: {
          allOf: [{ $ref: '#/components/schemas/Problem' }],
          type: 'object',
          properties: {
            code: { type: 'string', enum: some },
            status: { type: 'integer', const: first && problems[first].status },
          },
        },
        examples: Object.fromEntries(some.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  };
}

/** An example of each problem in these lists, worded as in docs/problems.md. */
export function problemExamples(
  lists: readonly (readonly ProblemCode[])[],
): Readonly<Record<string, object>> {
  const words = problemWords();
  const used = new Set(lists.flat());
  return Object.fromEntries(
    codes
      .filter((code) => used.has(code))
      .map((code) => {
        const { remedy = '' } = words.get(code) ?? {};
        const value = problemDocument(
          code,
          remedy,
          '0d6f2a4e-5b1c-4c53-9a0e-2f7f3c1b9d84',
          exampleExtras[code],
        );
        return [code, { summary: problems[code].title, value }];
      }),
  );
}

/** What docs/problems.md says about a code. */
export interface ProblemWords {
  readonly status: number;
  readonly meaning: string;
  readonly cause: string;
  readonly remedy: string;
}

const entryPattern =
  /^## `([a-z-]+)` \((\d{3})\)\n\n(.+?)\n\n\*\*Cause\.\*\* (.+?)\n\n\*\*What to do\.\*\* (.+?)\n(?=\n## |$)/gms;

/** The entries of docs/problems.md, by code. */
export function problemWords(): ReadonlyMap<string, ProblemWords> {
  const text = readFileSync(new URL('../../docs/problems.md', import.meta.url), 'utf8');
  const entries = [...text.matchAll(entryPattern)].map(([, code = '', status, ...paragraphs]) => {
    const [meaning = '', cause = '', remedy = ''] = paragraphs.map((text) => text.replaceAll('\n', ' '));
    return [code, { status: Number(status), meaning, cause, remedy }] as const;
  });
  return new Map(entries);
}
