import { describe, expect, it } from 'vitest';
import {
  type DetailType,
  deviceEvents,
  noticeEvents,
  recoveryEvents,
} from '../../../shared/contract/events/detail-types.ts';
import { type ServiceEvent, serviceEvent } from '../../../shared/contract/events/schemas.ts';
import { isMailAddress } from '../../../shared/notices/mail-address.ts';
import { noticeOf } from '../../../shared/notices/notice-words.ts';
import { notify } from '../../../shared/notices/notify.ts';
import type { Addressee, Mail } from '../../../shared/notices/ports.ts';
import { deviceLine, recoveryFacts } from '../../support/events.ts';

const common = {
  version: '1',
  stage: 'prod',
  id: '1',
  time: '2026-11-24T12:00:05.123Z',
  requestId: 'request-1',
  result: 'done',
  changes: ['X'],
  actor: { name: 'ann', sourceIp: '192.0.2.7' },
};
const { userName, userId, ...recovery } = recoveryFacts;

function eventOf(
  detailType: DetailType,
  { detail = {}, facts = {} }: { detail?: object; facts?: object } = {},
): ServiceEvent {
  const { serialNumber } = deviceLine;
  const about = detailType.startsWith('MFA Device')
    ? { subject: { userName: 'alice', userId: deviceLine.userId }, device: { serialNumber, ...facts } }
    : { subject: { userName, userId }, recovery: { ...recovery, ...facts } };
  return serviceEvent.parse({ 'detail-type': detailType, detail: { ...common, ...about, ...detail } });
}

const requested = eventOf('MFA Recovery Requested');

interface Setting {
  readonly addressee?: Addressee | undefined;
  readonly event?: ServiceEvent;
  readonly sender?: boolean;
}

async function notifying({ event = requested, sender = true, ...setting }: Setting) {
  const mails: Mail[] = [];
  const addressee = 'addressee' in setting ? setting.addressee : { userId, email: 'bob@example.com' };
  const end = await notify(event, {
    addressees: { find: async (name) => (name === event.detail.subject.userName ? addressee : undefined) },
    mailer: sender ? { send: async (mail) => void mails.push(mail) } : undefined,
    contact: 'extension 4711',
  });
  return { end, mails };
}

describe('a notice', () => {
  it('goes to the address in the tag of the subject', async () => {
    const { end, mails } = await notifying({});
    expect(end).toBe('sent');
    expect(mails).toEqual([{ to: 'bob@example.com', ...noticeOf(requested, 'extension 4711') }]);
  });

  it.each<[string, Setting]>([
    ['no-notice', { event: eventOf('MFA Device Tagged') }],
    ['no-sender', { sender: false }],
    ['user-gone', { addressee: undefined }],
    ['another-user', { addressee: { userId: 'AIDAANOTHERBOB', email: 'bob@example.com' } }],
    ['no-address', { addressee: { userId, email: undefined } }],
    ['no-address', { addressee: { userId, email: '' } }],
    ['bad-address', { addressee: { userId, email: 'bob@example.com mallory@example.com' } }],
  ])('is not sent: %s', async (expected, setting) => {
    const { end, mails } = await notifying(setting);
    expect(end).toBe(expected);
    expect(mails).toEqual([]);
  });
});

describe('an address', () => {
  it.each(['bob@example.com', 'b.o-b+aws_1=x@mail.example.co.uk', `${'x'.repeat(64)}@example.com`])(
    'may be %s',
    (address) => {
      expect(isMailAddress(address)).toBe(true);
    },
  );

  it.each([
    '',
    'bob',
    'bob@localhost',
    '@example.com',
    'bob@',
    'bob@@example.com',
    'bob@example.com,eve@example.com',
    'bob@example.com eve@example.com',
    'bob@example.com\r\nBcc: eve@example.com',
    'bob@example.com\n',
    'Bob <bob@example.com>',
    '"bob"@example.com',
    '.bob@example.com',
    'bob.@example.com',
    'bob@-example.com',
    'bob@example..com',
    'bob@exämple.com',
    'bob@[127.0.0.1]',
    `${'x'.repeat(65)}@example.com`,
    `bob@${'x.'.repeat(130)}com`,
  ])('may not be %j', (address) => {
    expect(isMailAddress(address)).toBe(false);
  });
});

describe('the words', () => {
  const textOf = (event: ServiceEvent) => {
    const notice = noticeOf(event, 'extension 4711');
    return `${notice?.subject}\n${notice?.text}`;
  };

  it.each([...deviceEvents, ...recoveryEvents])('are there for %s if the subject is to be told', (type) => {
    const told: readonly DetailType[] = noticeEvents;
    expect(noticeOf(eventOf(type), 'x') !== undefined).toBe(told.includes(type));
  });

  it.each([...noticeEvents])('of %s say who, when, from where, and whom to call', (type) => {
    const text = textOf(eventOf(type));
    for (const said of ['2026-11-24 12:00:05 UTC', 'ann, from 192.0.2.7', 'extension 4711', 'request-1'])
      expect(text).toContain(said);
    expect(text).not.toMatch(/https?:|undefined/);
    expect(noticeOf(eventOf(type), 'x')?.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
  });

  it('name the device, and the one whose place it takes', () => {
    const replaces = 'arn:aws:iam::123456789012:mfa/self-service/alice/old';
    const text = textOf(eventOf('MFA Device Enabled', { facts: { replaces } }));
    expect(text).toContain('Your MFA device phone was enabled');
    expect(text).toContain(deviceLine.serialNumber);
    expect(text).toContain(replaces);
  });

  it('do not promise what may not have been done', () => {
    const text = textOf(eventOf('MFA Device Deleted', { detail: { result: 'incomplete' } }));
    expect(text).toContain('may have been deleted');
    expect(text).not.toContain('was deleted');
  });

  it('of a resynchronisation without MFA say what that means, and what to do if it was not them', () => {
    const text = textOf(eventOf('MFA Device Resynchronised With Access Key'));
    expect(text).toContain('Your MFA device phone was resynchronised without MFA');
    expect(text).toContain('wait before you can add, replace or remove devices');
    expect(text).toContain('deactivate the access key, and call extension 4711 at once');
    expect(textOf(eventOf('MFA Device Resynchronised'))).not.toContain('without MFA');
  });

  it('say how to object', () => {
    expect(textOf(requested)).toContain(`PUT /v1/me/recoveries/${recovery.id}/objection`);
  });

  it.each([
    ['approved', 'begins now'],
    ['requested', 'another approval'],
  ])('of an approval that leaves a recovery %s say that: %s', (state, words) => {
    expect(textOf(eventOf('MFA Recovery Approved', { facts: { state } }))).toContain(words);
  });

  it('repeat the number of a ticket, but no address of a page', () => {
    expect(textOf(requested)).toContain('ticket HELP-1 (jira)');
    const ticket = { system: 'jira', id: 'https://evil.example/login' };
    expect(textOf(eventOf('MFA Recovery Requested', { facts: { ticket } }))).not.toContain('evil');
  });
});
