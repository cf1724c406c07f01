import { type ProblemCode, problems } from './problem.ts';

/** The members of a problem document, in the order they are read. */
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
