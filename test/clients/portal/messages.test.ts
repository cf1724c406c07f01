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

/** Faults of the page or the service, for which there is one message, or of what was late. */
const general = ['body-too-large', 'internal-error', 'route-not-found', 'timeout', 'unsupported-media-type'];

it.each(Object.entries(messages))(
  'the message %s is there in each language, with the same values',
  (_, texts) => {
    for (const language of languages) expect(texts[language].trim()).not.toBe('');
    expect(placeholders(texts.de)).toEqual(placeholders(texts.en));
  },
);

it('each problem of what the page calls is told in plain words', async () => {
  const camelCase = (name: string) => name.replaceAll(/-./g, (pair) => pair.slice(1).toUpperCase());
  const operations = await loadOperations();
  // Sessions are what the client obtains by itself.
  const called = operations.filter(
    ({ name }) => name === 'create-session' || source.includes(`lient.${camelCase(name)}`),
  );
  expect(called.map(({ name }) => name)).toContain('enable-hardware-mfa-device');
  expect(called.length).toBeGreaterThanOrEqual(16);
  const codes = new Set(called.flatMap(problemsOf));
  expect([...codes].filter((code) => !(`problem.${code}` in messages)).sort()).toEqual(general);
});

it('each message is said somewhere', () => {
  const patterns = [...source.matchAll(/[`'](\w+\.[\w.-]*)(\$\{[^}]+\})?[`']/g)];
  const said = Object.keys(messages).filter((key) =>
    patterns.some(([, start = '', rest]) => (rest === undefined ? key === start : key.startsWith(start))),
  );
  expect(Object.keys(messages).filter((key) => !said.includes(key))).toEqual([]);
});

it('Germans are addressed in one way', () => {
  const informal = Object.entries(messages).filter(([, { de }]) => /\b(du|dein\w*|dir|dich)\b/i.test(de));
  expect(informal.map(([key]) => key)).toEqual([]);
});
