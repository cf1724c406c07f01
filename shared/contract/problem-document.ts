import { type ProblemCode, problems } from './problem.ts';

/** A problem document, with its members in reading order. */
export const problemDocument = (
  code: ProblemCode,
  detail: string,
  requestId: string,
  extras: object = {},
) => ({
  type: `/problems/${code}`,
  title: problems[code].title,
  status: problems[code].status,
  detail,
  code,
  requestId,
  ...extras,
});
