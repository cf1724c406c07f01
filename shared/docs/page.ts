import { createHash } from 'node:crypto';
import { Media } from '../http/response.ts';
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

/**
 * The page that shows the OpenAPI document beside it, all in one text: nothing else is loaded, from wherever it is
 * served. The policy allows this text's own script and styles and no others.
 */
export function docsPage(): Media {
  const scripts = [swaggerUi.script, start].map(asScript);
  const styles = [swaggerUi.style, ownStyle];
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>MFA self-service API</title>
<link rel="icon" href="data:,">
${styles.map((text) => `<style>${text}</style>`).join('\n')}
</head>
<body>
<div id="docs"></div>
${scripts.map((text) => `<script>${text}</script>`).join('\n')}
</body>
</html>
`;
  return new Media('text/html', html, {
    'content-security-policy': contentSecurityPolicy(scripts, styles),
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
}

function contentSecurityPolicy(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hashOf).join(' ')}`,
    `style-src ${styles.map(hashOf).join(' ')}`,
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Within an element of HTML a script ends at the first `</script`, and `<!--` changes how it is read. */
function asScript(text: string): string {
  return text.replaceAll('</script', String.raw`<\/script`).replaceAll('<!--', String.raw`<\!--`);
}
