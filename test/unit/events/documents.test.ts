import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventsSchema } from '../../../infra/openapi/events.ts';
import { matchesPattern } from '../../../local-aws/aws/event-pattern.ts';
import {
  deviceEvents,
  eventSource,
  noticeEvents,
  recoveryEvents,
} from '../../../shared/contract/events/detail-types.ts';
import { serviceEvent } from '../../../shared/contract/events/schemas.ts';
import { assertDocumentedEvent } from '../../support/events.ts';

const read = (path: string) => readFileSync(new URL(`../../../docs/${path}`, import.meta.url), 'utf8');
const page = read('events.md');
const examples = read('events.examples.jsonl')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
const types = [...deviceEvents, ...recoveryEvents];
const [inPage, pattern] = [...page.matchAll(/```json\n([\s\S]+?)```/g)].map(([, text = '']) =>
  JSON.parse(text),
);

it('docs/events.schema.json is that of the code', () => {
  expect(JSON.parse(read('events.schema.json'))).toEqual(JSON.parse(JSON.stringify(eventsSchema())));
});

describe('docs/events.examples.jsonl', () => {
  it('has one event of each type', () => {
    expect(examples.map((event) => event['detail-type'])).toEqual(types);
  });

  it.each(types)('has a valid one: %s', (type) => {
    const event = examples.find((candidate) => candidate['detail-type'] === type);
    expect(() => assertDocumentedEvent(event)).not.toThrow();
    expect(serviceEvent.parse(event).detail).toEqual(event.detail);
  });
});

describe('docs/events.md', () => {
  it('shows a valid event', () => {
    expect(() => assertDocumentedEvent(inPage)).not.toThrow();
  });

  it('shows a rule that matches recoveries and no devices', () => {
    const matching = examples.filter((event) => matchesPattern(event, pattern));
    expect(matching.map((event) => event['detail-type'])).toEqual(
      recoveryEvents.filter((type) => type.startsWith('MFA Recovery')),
    );
  });

  it.each(types)('tells when %s is put, and whether the user gets an e-mail', (type) => {
    const row = page.split('\n').find((line) => line.startsWith('| `MFA') && line.includes(`\`${type}\``));
    const told: readonly string[] = noticeEvents;
    expect(row).toMatch(told.includes(type) ? /\| yes[^|]*\|$/ : /\| \|$/);
  });
});

describe('the schema', () => {
  const event = (change: object) => ({ ...inPage, ...change });

  it.each([
    ['another source', { source: 'aws.iam' }],
    ['no detail', { detail: undefined }],
    ['no stage', { detail: { ...inPage.detail, stage: undefined } }],
    ['a member too many', { detail: { ...inPage.detail, accessKeyId: 'AKIAEXAMPLE' } }],
    ['no subject', { detail: { ...inPage.detail, subject: undefined } }],
    ['another result', { detail: { ...inPage.detail, result: 'refused' } }],
  ])('refuses an event with %s', (_, change) => {
    const changed = JSON.parse(JSON.stringify(event(change)));
    expect(() => assertDocumentedEvent(changed)).toThrow();
  });

  it('knows the source', () => {
    expect(inPage.source).toBe(eventSource);
  });
});
