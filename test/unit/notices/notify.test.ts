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
import type { Recovery } from '../../../shared/recoveries/recovery.ts';
import { deviceLine, recoveryFacts } from '../../support/events.ts';
import { sampleRecovery } from '../../support/recovery.ts';

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

/** The recovery of the sample events, after all that they tell of. */
const stored = sampleRecovery({
  ...{ id: recovery.id, userName, userId, ticket: { system: 'jira', id: 'HELP-1' } },
});
const after: Readonly<Partial<Record<DetailType, Partial<Recovery>>>> = {
  'MFA Recovery Approved': { approvals: [{ by: 'pat', at: common.time }] },
  'MFA Recovery Denied': { state: 'denied' },
  'MFA Recovery Cancelled': { state: 'cancelled' },
  'MFA Recovery Objected': { state: 'objected', objectedAt: common.time },
  'MFA Recovery Expired': { state: 'expired' },
  'MFA Recovery Executed': { state: 'executed' },
  'MFA Recovery Failed': { state: 'failed' },
  'MFA Enrolment Pass Issued': { state: 'executed' },
};

interface Setting {
  /** What is in the table; undefined for nothing. */
  readonly table?: Recovery | undefined;
  readonly addressee?: Addressee | undefined;
  readonly event?: ServiceEvent;
  readonly sender?: boolean;
}

async function notifying({ event = requested, sender = true, ...setting }: Setting) {
  const mails: Mail[] = [];
  const asked: string[] = [];
  const table = 'table' in setting ? setting.table : stored;
  const addressee = 'addressee' in setting ? setting.addressee : { userId, email: 'bob@example.com' };
  const end = await notify(event, {
    addressees: {
      find: async (name) => {
        asked.push(name);
        return addressee;
      },
    },
    recoveries: { get: async (id) => (id === table?.id ? table : undefined) },
    mailer: sender ? { send: async (mail) => void mails.push(mail) } : undefined,
    contact: 'extension 4711',
  });
  return { end, mails, asked };
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
    ['no-notice', { event: eventOf('MFA Recovery Executing') }],
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

describe('a notice of a recovery', () => {
  const told = recoveryEvents.filter((type) => noticeEvents.some((noticed) => noticed === type));

  it.each(told)('is sent when the table bears it out: %s', async (type) => {
    const { end } = await notifying({ event: eventOf(type), table: { ...stored, ...after[type] } });
    expect(end).toBe('sent');
  });

  it.each(told)('is not sent without the recovery in the table: %s', async (type) => {
    const { end, mails, asked } = await notifying({ event: eventOf(type), table: undefined });
    expect([end, mails, asked]).toEqual(['refuted', [], []]);
  });

  it.each(told.filter((type) => after[type] !== undefined))(
    'is not sent when the table has another state: %s',
    async (type) => {
      const { end, mails } = await notifying({ event: eventOf(type) });
      expect([end, mails]).toEqual(['refuted', []]);
    },
  );

  it('is not sent of a change that did not go through', async () => {
    const event = eventOf('MFA Recovery Denied', { detail: { result: 'incomplete' } });
    expect((await notifying({ event })).end).toBe('undone');
    expect((await notifying({ event, table: { ...stored, state: 'denied' } })).end).toBe('sent');
  });

  it('goes to the subject in the table, in its words, whatever the event says', async () => {
    const event = eventOf('MFA Recovery Requested', {
      detail: { subject: { userName: 'carol', userId: 'AIDACAROL' } },
      facts: { requestedBy: 'Your bank', reason: 'stolen', ticket: { system: 'call', id: '15550100' } },
    });
    const { end, mails, asked } = await notifying({ event });
    expect([end, asked]).toEqual(['sent', ['bob']]);
    const [{ text } = { text: '' }] = mails;
    expect(text).toContain('Hello bob,');
    expect(text).toContain('Requested by: ann, ticket HELP-1 (jira)');
    expect(text).toContain('reported to the help desk as lost');
  });

  it('names the removed devices that the table has, whatever the event says', async () => {
    const device = (name: string) => ({
      ...{ serialNumber: `arn:aws:iam::123456789012:mfa/self-service/bob/${name}`, addedSinceRequest: true },
    });
    const event = eventOf('MFA Recovery Executed', { facts: { removedDevices: [device('forged')] } });
    const textFor = async (table: Recovery) => (await notifying({ event, table })).mails[0]?.text;
    const executed: Recovery = { ...stored, state: 'executed' };

    const text = await textFor({ ...executed, removedDevices: [device('tablet')] });

    expect(text).toContain('Also removed, enabled after the request: tablet\n');
    expect(text).not.toContain('forged');
    expect(await textFor(executed)).not.toMatch(/Also removed|forged/);
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

  it.each([
    ['ann', 'ann'],
    ['first.last@example.com', 'first[.]last@example[.]com'],
    ['evil-login.com', 'evil-login[.]com'],
    ['Ann Smith', 'Ann Smith'],
    ['J. R. Müller-Lüdenscheidt', 'J. R. Müller-Lüdenscheidt'],
    ['Ирина Петрова', 'Ирина Петрова'],
  ])('name %s so that no mail program makes a link of it: %s', (name, shown) => {
    const event = eventOf('MFA Recovery Requested', {
      detail: { actor: { name } },
      facts: { requestedBy: name },
    });
    expect(textOf(event)).toContain(`By: ${shown}\nRequested by: ${shown}, ticket`);
  });

  it.each([
    'Your bank. www.evil-login.com: sign in',
    'IT security. Your account is blocked: call +1 555 0100',
    'call +1 555 0100',
    'Your account was blocked so answer',
    '557058:f58131cb-b67d-43c7-b30d-6b58d40bd077',
    'Ann Smith 24 hours',
    'Ann @ home',
  ])('leave out a name that could pass for something else: %s', (name) => {
    const event = eventOf('MFA Recovery Requested', {
      detail: { actor: { name } },
      facts: { requestedBy: name },
    });
    const shown = 'someone whose name is left out here';
    expect(textOf(event)).toContain(`By: ${shown}\nRequested by: ${shown}, ticket`);
    expect(textOf(event)).not.toContain(name);
  });

  it('make no link of a device either: a thief could name one', () => {
    const serialNumber = 'arn:aws:iam::123456789012:mfa/self-service/alice/www.evil-login.com';
    const detail = { subject: { userName: 'al.ice', userId: deviceLine.userId } };
    const facts = { serialNumber, replaces: serialNumber };
    const text = textOf(eventOf('MFA Device Enabled', { detail, facts }));
    expect(text).toContain('Your MFA device www[.]evil-login[.]com was enabled');
    expect(text).not.toMatch(/[\w-]\.[a-z]/i);
  });

  it.each(['MFA Recovery Executed', 'MFA Recovery Failed'] as const)(
    'of %s name what was removed beyond the request, as no link',
    (type) => {
      const removed = (name: string, addedSinceRequest: boolean) => ({
        ...{ serialNumber: `arn:aws:iam::123456789012:mfa/self-service/bob/${name}`, addedSinceRequest },
      });
      const seen = [removed('phone', false)];
      const facts = { removedDevices: [...seen, removed('www.evil.com', true), removed('tablet', true)] };
      const text = textOf(eventOf(type, { facts }));
      expect(text).toContain('Also removed, enabled after the request: www[.]evil[.]com, tablet\n');
      expect(text).toContain('If you did not enable it, someone else has your access key');
      expect(textOf(eventOf(type, { facts: { removedDevices: seen } }))).not.toMatch(/Also|did not enable/);
    },
  );

  it('repeat the number of a ticket, but no address of a page', () => {
    expect(textOf(requested)).toContain('ticket HELP-1 (jira)');
    const ticket = { system: 'jira', id: 'https://evil.example/login' };
    expect(textOf(eventOf('MFA Recovery Requested', { facts: { ticket } }))).not.toContain('evil');
  });
});
