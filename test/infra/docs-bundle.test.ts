import { expect, it } from 'vitest';
import { getDocs } from '../../shared/contract/operations/get-docs.ts';
import { docsPage } from '../../shared/http/pages/page.ts';
import { answerOfBundle } from '../support/bundled.ts';

it('the bundled docs page, alone in a folder, is the same as from source', () => {
  const { response } = answerOfBundle(getDocs);
  const { content, headers } = docsPage();
  expect(response).toMatchObject({ statusCode: 200, headers });
  expect(response.body === content).toBe(true);
});
