import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { languages, messages } from '../../../clients/portal/src/messages.ts';
import { problemsOf } from '../../../infra/openapi/problems.ts';
import { loadOperations } from '../../../shared/contract/load-operations.ts';

const folder = new URL('../../../clients/portal/src/', import.meta.url);
const source = readdirSync(folder)
  .filter((file) => file.endsWith('.ts') && file !== 'messages.ts')
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n');

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** Problems explained by a general message: faults of the page or the service, and timeouts. */
const general = ['body-too-large', 'internal-error', 'route-not-found', 'timeout', 'unsupported-media-type'];

it.each(Object.entries(messages))(
  'the message %s exists in each language, with the same placeholders',
  (_, texts) => {
    for (const language of languages) expect(texts[language].trim()).not.toBe('');
    expect(placeholders(texts.de)).toEqual(placeholders(texts.en));
  },
);

it('each problem of the operations that the page calls has a message', async () => {
  const camelCase = (name: string) => name.replaceAll(/-./g, (pair) => pair.slice(1).toUpperCase());
  const operations = await loadOperations();
  // The client creates sessions on its own.
  const called = operations.filter(
    ({ name }) => name === 'create-session' || source.includes(`lient.${camelCase(name)}`),
  );
  expect(called.map(({ name }) => name)).toContain('enable-hardware-mfa-device');
  expect(called.length).toBeGreaterThanOrEqual(16);
  const codes = new Set(called.flatMap(problemsOf));
  expect([...codes].filter((code) => !(`problem.${code}` in messages)).sort()).toEqual(general);
});

it('each message is used', () => {
  const patterns = [...source.matchAll(/[`'](\w+\.[\w.-]*)(\$\{[^}]+\})?[`']/g)];
  const said = Object.keys(messages).filter((key) =>
    patterns.some(([, start = '', rest]) => (rest === undefined ? key === start : key.startsWith(start))),
  );
  expect(Object.keys(messages).filter((key) => !said.includes(key))).toEqual([]);
});

it('German messages always use the formal form of address', () => {
  const informal = Object.entries(messages).filter(([, { de }]) => /\b(du|dein\w*|dir|dich)\b/i.test(de));
  expect(informal.map(([key]) => key)).toEqual([]);
});
