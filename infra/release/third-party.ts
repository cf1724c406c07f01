import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { buildSync } from 'esbuild';

/** What MIT grants. Source: the licence at spdx.org. */
const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Files that bundles hold as text (infra/bundle/replacements.ts): those of Swagger UI, and what the page is made of. */
export function embeddedInputs(root: string): readonly string[] {
  const { metafile } = buildSync({
    entryPoints: [join(root, 'clients/portal/src/main.ts')],
    bundle: true,
    platform: 'browser',
    metafile: true,
    write: false,
    logLevel: 'error',
    absWorkingDir: root,
  });
  return [...Object.keys(metafile.inputs), 'node_modules/swagger-ui-dist/swagger-ui-bundle.js'];
}

/** The licences of the packages among the bundled files, as one text. Throws if a package has none. */
export function licencesOf(inputs: readonly string[], root: string): string {
  const byPackage = Map.groupBy(inputs, (path) => packageFolder(path) ?? '');
  byPackage.delete('');
  return [...byPackage]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([folder, files]) =>
      licenceIn(
        join(root, folder),
        files.map((file) => relative(folder, file)),
      ),
    )
    .join(`\n${'-'.repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c` of a file in it; nothing for the project's own. */
const packageFolder = (path: string): string | undefined =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];

function licenceIn(folder: string, files: readonly string[]): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const own = fileIn(folder, /^licen[cs]e(\.|$)/i) ?? licenceByReadme(folder, license);
  if (own === undefined) throw new Error(`The package ${name} has no licence`);
  // What others have put into a file is named beside it.
  const inFiles = files.map((file) => join(folder, `${file}.LICENSE.txt`)).filter(existsSync);
  const texts = [own, fileIn(folder, /^notice(\.|$)/i), ...inFiles.map(textOf)];
  return `${name} ${version} (${license})\n\n${texts.filter((text) => text !== undefined).join('\n\n')}\n`;
}

function fileIn(folder: string, name: RegExp): string | undefined {
  const file = readdirSync(folder).find((entry) => name.test(entry));
  return file === undefined ? undefined : textOf(join(folder, file));
}

const textOf = (path: string): string => readFileSync(path, 'utf8').trim();

/** For packages whose README has the copyright, and which leave out the text of a licence that everybody knows. */
function licenceByReadme(folder: string, license: unknown): string | undefined {
  const copyright = /Copyright \(c\).+/.exec(fileIn(folder, /^readme\.md$/i) ?? '')?.[0];
  return license === 'MIT' && copyright !== undefined ? `${copyright}\n\n${mit}` : undefined;
}
