import { expect } from 'vitest';
import { problems } from '../../shared/contract/problem.ts';
import type { Answer } from './http.ts';

const extras = new Set([
  'errors',
  'retryAfter',
  'resyncMayHelp',
  'maxAgeSeconds',
  'changesAllowedFrom',
  'awsRequestId',
]);
const members = ['type', 'title', 'status', 'detail', 'code', 'requestId'];

/** Asserts what all answers of the API have in common, from function or gateway. */
export function assertAnswer(answer: Answer): void {
  const { headers, status } = answer;
  expect(headers['cache-control'], 'cache-control').toBe('no-store');
  expect(headers['x-amzn-requestid'], 'x-amzn-requestid').toMatch(/^[\w-]{36}$/);
  if (headers['x-request-id'] !== undefined) {
    expect(headers['x-request-id']).toBe(headers['x-amzn-requestid']);
  }
  if (status >= 400) assertProblem(answer);
  else {
    expect(headers['x-request-id'], 'x-request-id').toBeDefined();
    expect(headers['content-type']).toMatch(
      /^(application\/json|image\/png|image\/svg\+xml|text\/(csv|html|plain))(;|$)/,
    );
  }
}

function assertProblem(answer: Answer): void {
  const { headers, status } = answer;
  const document: Record<string, unknown> = answer.json();
  expect(headers['content-type']).toBe('application/problem+json');
  const names = Object.keys(document);
  expect(names.slice(0, members.length)).toEqual(members);
  expect(names.slice(members.length).filter((name) => !extras.has(name))).toEqual([]);
  const code = String(document['code']);
  expect(problems).toHaveProperty(code);
  expect(document).toMatchObject({
    type: `/problems/${code}`,
    status,
    requestId: headers['x-amzn-requestid'],
    detail: expect.stringMatching(/\.$/),
  });
  const retryAfter = document['retryAfter'];
  expect(headers['retry-after']).toBe(retryAfter === undefined ? undefined : String(retryAfter));
}
