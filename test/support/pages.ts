import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../../', import.meta.url);
const patterns = ['*.md', 'docs/**/*.md', 'clients/*/README.md', '.github/**/*.md'];

/** Every page of the repository, by path. */
export const pages: readonly string[] = patterns
  .flatMap((pattern) => globSync(pattern, { cwd: fileURLToPath(root) }))
  .sort();

/** The text of a page. */
export const readPage = (path: string): string => readFileSync(new URL(path, root), 'utf8');

/** The code blocks of a language, in order. */
export function blocksOf(text: string, language: string): string[] {
  const pattern = new RegExp(`^ *\`\`\`${language}\\n(.+?)^ *\`\`\`$`, 'gms');
  return [...text.matchAll(pattern)].map(([, block = '']) => block);
}

/** A page without its code blocks and comments. */
export const proseOf = (text: string): string =>
  text.replaceAll(/^ *```.*?^ *```$/gms, '').replaceAll(/<!--.*?-->/gs, '');

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(text: string): string[] {
  return [...proseOf(text).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
