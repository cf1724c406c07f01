import { expect, it } from 'vitest';
import { getDocs } from '../../shared/contract/operations/get-docs.ts';
import { docsPage } from '../../shared/http/pages/page.ts';
import { answerOfBundle } from '../support/bundled.ts';

it('serves from its bundle, which has nothing beside it, the same page as from its source', () => {
  const { response } = answerOfBundle(getDocs);
  const { content, headers } = docsPage();
  expect(response).toMatchObject({ statusCode: 200, headers });
  expect(response.body === content).toBe(true);
});
