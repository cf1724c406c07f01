import { describe, expect, it } from 'vitest';
import { openApiDocument } from '../../../infra/openapi/document.ts';
import { problemSchemas, problemsOf, problemWords } from '../../../infra/openapi/problems.ts';
import { gatewayResponseTypes, logicalId } from '../../../infra/template/gateway-responses.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import { problems } from '../../../shared/contract/problem.ts';
import { resolvedOf } from '../../support/packaged-template.ts';

const operations = await loadOperations();
const codes = Object.keys(problems);
const words = problemWords();

describe('the list of problems', () => {
  it('matches docs/problems.md, in the same order', () => {
    expect([...words.keys()]).toEqual(codes);
  });

  it.each(Object.entries(problems))(
    'says in docs/problems.md what %s is and what to do',
    (code, { status }) => {
      const entry = words.get(code);
      expect(entry?.status).toBe(status);
      for (const text of [entry?.meaning, entry?.cause, entry?.remedy]) expect(text).toMatch(/^\S.{15,}\.$/s);
    },
  );

  it('matches the OpenAPI document', () => {
    expect(problemSchemas['Problem']?.properties?.['code']).toMatchObject({ enum: codes });
  });

  it('has an example of each that an operation can return', () => {
    const used = new Set(operations.flatMap(problemsOf));
    const examples = openApiDocument(operations).components['examples'];
    expect(Object.keys(examples ?? {}).sort()).toEqual([...used].sort());
  });
});

describe('what API Gateway itself returns', () => {
  const routes = operations.filter(({ gate }) => gate !== 'anonymous');
  const { resources } = resolvedOf('live');

  it.each(gatewayResponseTypes)('%s is documented for every signed operation', (type) => {
    const { ResponseTemplates } = resources[logicalId(type)]?.properties ?? {};
    const { code } = JSON.parse(Object(ResponseTemplates)['application/json']);
    for (const operation of routes) expect(problemsOf(operation)).toContain(code);
  });
});
