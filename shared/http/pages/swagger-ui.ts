import { readFileSync } from 'node:fs';

/** Swagger UI, which draws the page. In a bundle its text stands here (infra/bundle/replacements.ts). */
export const swaggerUi = {
  script: textOf('swagger-ui-dist/swagger-ui-bundle.js'),
  style: textOf('swagger-ui-dist/swagger-ui.css'),
};

function textOf(module: string): string {
  return readFileSync(new URL(import.meta.resolve(module)), 'utf8');
}
