import { readFile, writeFile } from 'node:fs/promises';
import type { TemplateParameter } from '../cloudformation/template.ts';
import { parameters } from '../template/parameters.ts';
import { settingName } from '../template/settings.ts';

const page = new URL('../../docs/settings.md', import.meta.url);
const section = /(<!-- settings -->\n).*(<!-- end of settings -->)/s;

/** The page with a table of the template's parameters between its markers. Throws if there are none. */
export function withSettings(text: string): string {
  if (!section.test(text)) throw new Error('docs/settings.md has no markers for the settings');
  return text.replace(section, (_, begin: string, end: string) => `${begin}\n${table()}\n${end}`);
}

function table(): string {
  const { Stage: _, ...settings } = parameters;
  const rows = Object.entries<TemplateParameter>(settings).map(([name, parameter]) =>
    [
      `\`${settingName(name)}\``,
      defaultOf(parameter),
      limitsOf(parameter),
      plain(parameter.Description),
    ].join(' | '),
  );
  return `| Setting | Default | Limits | Meaning |
|---|---|---|---|
${rows.map((row) => `| ${row} |\n`).join('')}`;
}

const defaultOf = ({ Default }: TemplateParameter): string => (Default === '' ? 'empty' : `\`${Default}\``);

function limitsOf({ AllowedValues, MinValue, MaxValue, ConstraintDescription }: TemplateParameter): string {
  if (AllowedValues !== undefined) return AllowedValues.map((value) => `\`${value}\``).join(', ');
  if (ConstraintDescription !== undefined) return plain(ConstraintDescription.replace(/^must be /, ''));
  return MaxValue === undefined ? `${MinValue} or more` : `${MinValue} to ${MaxValue}`;
}

/** Text for whoever reads CloudFormation, in a cell of a table about settings. */
const plain = (text: string): string =>
  text
    .replaceAll(/[<|]/g, (character) => `\\${character}`)
    .replaceAll(/\b(?:[A-Z][a-z]+){2,}\b/g, (word) =>
      Object.hasOwn(parameters, word) ? `\`${settingName(word)}\`` : word,
    )
    .replaceAll('docs/ticketing.md', '[ticketing.md](ticketing.md)');

if (import.meta.main) await writeFile(page, withSettings(await readFile(page, 'utf8')));
