import type { Media } from '../response.ts';
import { htmlPage } from './html-page.ts';
import { swaggerUi } from './swagger-ui.ts';

/** For reading only: requests would have to be signed, so there is nothing to try out. */
const start = `
  SwaggerUIBundle({
    url: 'openapi.json',
    dom_id: '#docs',
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: 0,
    supportedSubmitMethods: [],
    syntaxHighlight: false,
    validatorUrl: null,
  });
`;

/** Leaves out what is the same everywhere or only serves for trying out. */
const ownStyle = `
  body { margin: 0; }
  .swagger-ui .scheme-container, .swagger-ui .authorization__btn, .swagger-ui .response-col_links,
  .swagger-ui .responses-table .headers-wrapper, .swagger-ui .responses-table .headers { display: none; }
`;

/** The page that shows the OpenAPI document beside it. */
export const docsPage = (): Media =>
  htmlPage({
    lang: 'en',
    title: 'MFA self-service API',
    body: '<div id="docs"></div>',
    scripts: [swaggerUi.script, start],
    styles: [swaggerUi.style, ownStyle],
  });
