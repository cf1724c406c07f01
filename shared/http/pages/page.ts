import type { Media } from '../response.ts';
import { htmlPage } from './html-page.ts';
import { swaggerUi } from './swagger-ui.ts';

/** Read-only: requests have to be signed, so "Try it out" could not work. */
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

/** Hides what is the same for every operation or only serves "Try it out". */
const ownStyle = `
  body { margin: 0; }
  .swagger-ui .scheme-container, .swagger-ui .authorization__btn, .swagger-ui .response-col_links,
  .swagger-ui .responses-table .headers-wrapper, .swagger-ui .responses-table .headers { display: none; }
`;

/** The page that shows the OpenAPI document served next to it. */
export const docsPage = (): Media =>
  htmlPage({
    lang: 'en',
    title: 'MFA self-service API',
    body: '<div id="docs"></div>',
    scripts: [swaggerUi.script, start],
    styles: [swaggerUi.style, ownStyle],
  });
