import { getDocs } from '../shared/contract/operations/get-docs.ts';
import { docsPage } from '../shared/docs/page.ts';
import { openEndpoint } from '../shared/http/endpoint.ts';

const page = docsPage();

export const handler = openEndpoint(getDocs, () => page);
