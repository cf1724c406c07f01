import { listUsers } from '../../shared/contract/operations/list-users.ts';
import { coverageOf, toCsv } from '../../shared/coverage/coverage.ts';
import { principalEndpoint } from '../../shared/http/endpoint.ts';
import { Media } from '../../shared/http/response.ts';
import { accountOf } from '../wiring/users.ts';

export const handler = principalEndpoint(listUsers, async ({ query }, call) => {
  const coverage = await coverageOf(query.mfa, accountOf(call));
  if (call.media !== 'text/csv') return { ...coverage, items: [...coverage.items] };
  return new Media('text/csv', toCsv(coverage), {
    'content-disposition': 'attachment; filename="mfa-coverage.csv"',
  });
});
