import { expect, it } from 'vitest';
import { loadOperations } from '../../../shared/contract/load-operations.ts';
import type { Audience, Operation } from '../../../shared/contract/operation.ts';
import { readPage } from '../../support/pages.ts';

const who: Readonly<Record<Audience, string>> = {
  anyone: 'anyone',
  'self-service': 'users',
  'recovery-agent': 'agents',
  'recovery-approver': 'approvers',
  auditor: 'auditors',
};

function needs({ name, gate }: Operation): string {
  if (name === 'receive-ticket') return 'signature';
  return { anonymous: 'nothing', identity: 'identity', 'second-factor': 'recent MFA' }[gate];
}

it('docs/api.md has every route once, with what it needs and for whom it is', async () => {
  const operations = await loadOperations();
  const expected = operations.map((operation) => ({
    route: `${operation.method} ${operation.path}`,
    needs: needs(operation),
    who: operation.audience.map((audience) => who[audience]).join(', '),
  }));

  const rows = [
    ...readPage('docs/api.md').matchAll(/^\| `([A-Z]+ \/[^`]*)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm),
  ];

  const byRoute = (one: { route: string }, other: { route: string }) => (one.route < other.route ? -1 : 1);
  expect(rows.map(([, route = '', needs, who]) => ({ route, needs, who })).sort(byRoute)).toEqual(
    expected.sort(byRoute),
  );
});
