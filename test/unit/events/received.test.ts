import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { serviceEvent } from '../../../shared/contract/events/schemas.ts';
import { receivedEvent } from '../../../shared/events/received.ts';

const file = new URL('../../../docs/events.examples.jsonl', import.meta.url);
const event = JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '');
const withDetail = (changes: object) => ({ ...event, detail: { ...event.detail, ...changes } });

describe('an event that a rule leads to a function', () => {
  it('is what EventBridge delivers', () => {
    expect(receivedEvent(serviceEvent, event, 'prod').detail).toEqual(event.detail);
  });

  it.each([
    ['of another stage', withDetail({ stage: 'test' }), 'The event is of another stage'],
    ['of a stage that differs in case', withDetail({ stage: 'Prod' }), 'The event is of another stage'],
    ['of no stage', withDetail({ stage: undefined }), 'The event is not valid: detail.stage'],
    ['no object', 'secret', 'The event is not valid: all of it'],
    ['of no known type', { ...event, 'detail-type': 'secret' }, 'The event is not valid: detail-type'],
    [
      'wrong at several places',
      withDetail({ subject: { userName: 'a secret', userId: '' }, id: 'a.secret' }),
      'The event is not valid: detail.id, detail.subject.userName, detail.subject.userId',
    ],
    ['with a member too many', withDetail({ secret: 'secret' }), 'The event is not valid: detail'],
  ])('is refused when it is %s, by its places and without its content', (_what, other, message) => {
    expect(() => receivedEvent(serviceEvent, other, 'prod')).toThrow(new Error(message));
  });
});
