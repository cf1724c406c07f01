import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The licences of the packages among the bundled files, as one text. Throws if a package has none. */
export function licencesOf(inputs: readonly string[], root: string): string {
  const folders = [...new Set(inputs.flatMap(packageFolder))].sort();
  return folders.map((folder) => licenceIn(join(root, folder))).join(`\n${'-'.repeat(80)}\n\n`);
}

/** `node_modules/a/node_modules/@b/c` of a file in it; nothing for the project's own. */
const packageFolder = (path: string): readonly string[] =>
  /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [];

function licenceIn(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e(\.|$)/i.test(entry));
  const text = file === undefined ? undefined : readFileSync(join(folder, file), 'utf8').trim();
  if (text === undefined && license === undefined) throw new Error(`${name} has no licence`);
  const notice = existsSync(join(folder, 'NOTICE')) ? readFileSync(join(folder, 'NOTICE'), 'utf8') : '';
  return `${name} ${version} (${license})\n\n${text ?? 'Its package has no text of the licence.'}\n${notice}`;
}
