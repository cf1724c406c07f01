import { expect, it } from 'vitest';
import { portalAssets } from '../../clients/portal/assets.ts';
import { getPortal } from '../../shared/contract/operations/get-portal.ts';
import { portalPage } from '../../shared/http/pages/portal.ts';
import { answerOfBundle } from '../support/bundled.ts';

it('the bundled portal page is the same as from source, built for the Region it runs in', () => {
  const { response, size } = answerOfBundle(getPortal, { AWS_REGION: 'eu-central-1' });
  const { content, headers } = portalPage(portalAssets, 'eu-central-1');
  expect(response).toMatchObject({ statusCode: 200, headers });
  expect(response.body === content).toBe(true);
  expect(content).toContain('<meta name="region" content="eu-central-1">');
  // It contains only the texts, not the bundler.
  expect(size).toBeLessThan(300_000);
});
