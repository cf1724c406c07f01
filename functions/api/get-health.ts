import { getHealth } from '../../shared/contract/operations/get-health.ts';
import { openEndpoint } from '../../shared/http/endpoint.ts';

export const handler = openEndpoint(getHealth, () => ({ status: 'ok' as const }));
