import { expect, it } from 'vitest';
import { languages, messages } from '../../../clients/portal/src/messages.ts';
import { problemCodes } from '../../../clients/typescript/src/api.ts';

const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort();

/** Of these the page never hears: they answer calls that it does not make, or have another message. */
const others = [
  'separation-of-duties',
  'webhook-refused',
  'user-not-found',
  'ticketing-not-configured',
  'route-not-found',
  'recovery-exists',
  'resync-instead',
  'body-too-large',
  'unsupported-media-type',
  'recovery-limit',
  'internal-error',
  'report-not-ready',
  'timeout',
];

it.each(Object.entries(messages))(
  'the message %s is there in each language, with the same values',
  (_, texts) => {
    for (const language of languages) expect(texts[language].trim()).not.toBe('');
    expect(placeholders(texts.de)).toEqual(placeholders(texts.en));
  },
);

it('each problem that users can meet is told in plain words', () => {
  const untold = problemCodes.filter((code) => !(`problem.${code}` in messages));
  expect(untold).toEqual(others);
});
