import { getDocs } from '../../shared/contract/operations/get-docs.ts';
import { openEndpoint } from '../../shared/http/endpoint.ts';
import { docsPage } from '../../shared/http/pages/page.ts';

const page = docsPage();

export const handler = openEndpoint(getDocs, () => page);
