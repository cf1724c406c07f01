import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { backgroundFunctions } from '../../shared/contract/background-functions.ts';
import { loadOperations } from '../../shared/contract/load-operations.ts';
import { explain } from '../../shared/lib/explain.ts';
import { bundleAllFunctions } from '../bundle/main.ts';
import { releaseTemplate } from './release-template.ts';
import { embeddedInputs, licencesOf } from './third-party.ts';
import { zipOf } from './zip.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** File names and contents, to be written side by side. */
type Files = ReadonlyMap<string, Buffer>;

/**
 * Everything that a release consists of, from the functions' bundles. The same bundles give the same bytes.
 * @param directory with a folder per function
 * @param inputs paths of the bundled files
 */
export async function releaseFiles(
  directory: string,
  inputs: readonly string[],
  version: string,
): Promise<Files> {
  const operations = await loadOperations();
  const names = [...operations, ...backgroundFunctions].map(({ name }) => name);
  const zips = new Map<string, Buffer>();
  const fileNames = new Map<string, string>();
  for (const name of names) {
    const zip = await zipOf(`dist/${name}/index.mjs`, await readFile(join(directory, name, 'index.mjs')));
    // A changed function has another key: CloudFormation compares keys, not contents.
    const fileName = `${name}-${digest(zip).slice(0, 16)}.zip`;
    fileNames.set(name, fileName);
    zips.set(fileName, zip);
  }
  const template = releaseTemplate(operations, version, (name) => fileNames.get(name) ?? '');
  const files = new Map([
    ...zips,
    ['template.json', Buffer.from(`${JSON.stringify(template, null, 1)}\n`)],
    ['README.md', await readMe(version)],
    ['LICENSE', await readFile(join(root, 'LICENSE'))],
    ['THIRD-PARTY-LICENSES.txt', Buffer.from(licencesOf([...inputs, ...embeddedInputs(root)], root))],
  ]);
  const sums = [...files].map(([name, content]) => `${digest(content)}  ${name}\n`).sort();
  return files.set('SHA256SUMS', Buffer.from(sums.join('')));
}

async function readMe(version: string): Promise<Buffer> {
  const text = await readFile(new URL('README.md', import.meta.url), 'utf8');
  return Buffer.from(text.replaceAll('VERSION', version));
}

const digest = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

async function main(): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const dist = join(root, 'dist');
  await rm(dist, { recursive: true, force: true });
  const { inputs } = await bundleAllFunctions(dist);
  const files = await releaseFiles(dist, inputs, version);
  const release = join(dist, 'release');
  await mkdir(release);
  for (const [name, content] of files) await writeFile(join(release, name), content);
  process.stdout.write(
    `dist/release: release ${version}, ${files.size} files. docs/artefact.md says how to deploy it.\n`,
  );
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  });
}
