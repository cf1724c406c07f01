import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Swagger UI's own files. Bundles have their text inlined here (infra/bundle/replacements.ts). */
export const swaggerUi = {
  script: textOf('swagger-ui-dist/swagger-ui-bundle.js'),
  style: textOf('swagger-ui-dist/swagger-ui.css'),
};

function textOf(module: string): string {
  return readFileSync(createRequire(import.meta.url).resolve(module), 'utf8');
}
