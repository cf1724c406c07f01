import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anchorsOf, pages, proseOf, readPage } from '../../support/pages.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** The links and pictures of a page that stay in the repository. */
function linksOf(text: string): { readonly file: string; readonly anchor: string | undefined }[] {
  const links = proseOf(text).matchAll(/\]\(([^)\s]+)\)|<img\s+src="([^"]+)"/g);
  return [...links]
    .map(([, link, image]) => link ?? image ?? '')
    .filter((link) => !/^https?:/.test(link))
    .map((link) => {
      const [file = '', anchor] = link.split('#');
      return { file, anchor };
    });
}

describe.each(pages)('%s', (page) => {
  const text = readPage(page);

  it('leads only to what there is', () => {
    const broken = linksOf(text).filter(({ file, anchor }) => {
      const target = file === '' ? page : normalize(join(dirname(page), file));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(readPage(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('has no prose wider than 120 characters', () => {
    const lines = proseOf(text).split('\n');
    expect(lines.filter((line) => line.length > 120 && !line.trimStart().startsWith('|'))).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z][a-z:-]*)/g)].map(([, script]) => script);
    expect(named.filter((script) => script !== undefined && !(script in scripts))).toEqual([]);
  });

  it('names only folders and files of the code that there are', () => {
    const named = [...text.matchAll(/`((?:functions|shared|infra|local-aws|demo|clients|test)\/[\w./-]*)`/g)];
    const missing = named.filter(
      ([, path = '']) => !['', '.ts', '.test.ts'].some((end) => existsSync(join(root, path + end))),
    );
    expect(missing.map(([, path]) => path)).toEqual([]);
  });
});

it('docs/README.md leads to every page', () => {
  const index = linksOf(readPage('docs/README.md')).map(({ file }) => normalize(join('docs', file)));
  const records = linksOf(readPage('docs/decisions/README.md')).map(({ file }) =>
    join('docs/decisions', file),
  );
  const reached = new Set(['docs/README.md', ...index, ...records]);
  expect(pages.filter((page) => page.startsWith('docs/') && !reached.has(page))).toEqual([]);
});

it('docs/architecture.md names every folder of the code', () => {
  const text = readPage('docs/architecture.md');
  const foldersIn = (folder: string) =>
    readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${folder}${name}/`);
  const folders = [...foldersIn('functions/'), ...foldersIn('shared/')];
  expect(folders.length).toBeGreaterThan(10);
  expect(folders.filter((folder) => !text.includes(`\`${folder}\``))).toEqual([]);
});
