import document from '../../docs/openapi.json' with { type: 'json' };
import { getOpenapi } from '../../shared/contract/operations/get-openapi.ts';
import { openEndpoint } from '../../shared/http/endpoint.ts';

export const handler = openEndpoint(getOpenapi, () => document);
