import { readFile, writeFile } from 'node:fs/promises';
import { initialState, rules, transitions } from '../../shared/recoveries/state-machine.ts';

const page = new URL('../../docs/operate.md', import.meta.url);
const section = /(<!-- recovery states -->\n).*(<!-- end of recovery states -->)/s;

/** The page with the code's table of states between its markers. Throws if there are none. */
export function withRecoveryStates(text: string): string {
  if (!section.test(text)) throw new Error('docs/operate.md has no markers for the states of a recovery');
  return text.replace(section, (_, begin: string, end: string) => `${begin}\n${stateTable()}\n${end}`);
}

function stateTable(): string {
  const rows = [...statesByRow()].map(([cells, states]) => `| ${states.join(', ')} | ${cells} |\n`);
  return `A recovery begins as \`${initialState}\`.

| State | Action | By whom | Next state | When |
|---|---|---|---|---|
${rows.join('')}`;
}

/** States in which an action has the same effect share a row: the row's other cells, and its states. */
function statesByRow(): ReadonlyMap<string, readonly string[]> {
  const byRow = new Map<string, readonly string[]>();
  for (const [action, { actor, occasion = '' }] of Object.entries(rules)) {
    for (const [state, actions] of Object.entries(transitions)) {
      for (const { to, when } of new Map(Object.entries(actions)).get(action) ?? []) {
        const next = to === 'unchanged' ? to : `\`${to}\``;
        const row = [`\`${action}\``, actor.text, next, when?.text ?? occasion].join(' | ');
        byRow.set(row, [...(byRow.get(row) ?? []), `\`${state}\``]);
      }
    }
  }
  return byRow;
}

if (import.meta.main) await writeFile(page, withRecoveryStates(await readFile(page, 'utf8')));
