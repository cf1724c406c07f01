import type { DeviceEvent, NoticeEvent, RecoveryEvent } from '../contract/events/detail-types.ts';
import type { DeviceDetail, RecoveryDetail, ServiceEvent } from '../contract/events/schemas.ts';
import { deviceNameOf } from '../devices/device-id.ts';

/** The words of an e-mail. */
export interface Notice {
  readonly subject: string;
  readonly text: string;
}

interface Words {
  readonly subject: string;
  readonly what: string;
  readonly facts: readonly (string | undefined)[];
  readonly advice: string;
}

/** The e-mail that an event's subject gets; undefined for events that change nothing for him. */
export function noticeOf({ 'detail-type': type, detail }: ServiceEvent, contact: string): Notice | undefined {
  const words =
    'device' in detail ? deviceWords(type, detail, contact) : recoveryWords(type, detail, contact);
  return words && { subject: words.subject, text: letter(words, detail) };
}

function letter({ what, facts, advice }: Words, detail: DeviceDetail | RecoveryDetail): string {
  const lines = [`When: ${timeOf(detail.time)}`, ...facts.filter((fact) => fact !== undefined)];
  const paragraphs = [
    `Hello ${detail.subject.userName},`,
    what,
    lines.join('\n'),
    advice,
    `Nobody will ask you for a code, a password or an enrolment pass because of this e-mail. It was sent to the address in the tag "email" of your IAM user. Reference: ${detail.requestId}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

const deviceVerbs: Readonly<Partial<Record<DeviceEvent | RecoveryEvent, string>>> = {
  'MFA Device Enabled': 'enabled',
  'MFA Device Deactivated': 'deactivated',
  'MFA Device Deleted': 'deleted',
  'MFA Device Resynchronised': 'resynchronised',
} satisfies Record<NoticeEvent & DeviceEvent, string>;

function deviceWords(type: string, detail: DeviceDetail, contact: string): Words | undefined {
  const verb = Object.entries(deviceVerbs).find(([name]) => name === type)?.[1];
  if (verb === undefined) return undefined;
  const { serialNumber, replaces } = detail.device;
  const name = deviceNameOf(serialNumber);
  const done = detail.result === 'done';
  const subject = `Your MFA device ${name} ${done ? 'was' : 'may have been'} ${verb}`;
  return {
    subject,
    what: done
      ? `${subject}.`
      : `${subject}: an error came before the change was complete. Look at GET /v1/me/mfa-devices how things stand.`,
    facts: [
      `By: ${actorOf(detail)}`,
      `Device: ${serialNumber}`,
      replaces && `It takes the place of: ${replaces}`,
    ],
    advice: `If this was not you, somebody else may have your access key or your device: deactivate the access key, and call ${contact} at once.`,
  };
}

type RecoveryWords = (detail: RecoveryDetail, contact: string) => Omit<Words, 'facts'>;

const notReported = (contact: string): string =>
  `If you did not report a device, somebody may be posing as you: call ${contact} at once.`;

const recoveryNotices: Readonly<Record<NoticeEvent & RecoveryEvent, RecoveryWords>> = {
  'MFA Recovery Requested': ({ recovery: { id, reason } }, contact) => ({
    subject: 'Somebody asked to take away your MFA devices',
    what: `The help desk was told that your MFA device is ${reason}, and somebody asked to take it away. Nothing has been done yet: somebody else has to approve it.`,
    advice: [
      notReported(contact),
      `You can object with your access key: PUT /v1/me/recoveries/${id}/objection. Then one more person has to approve it.`,
    ].join('\n\n'),
  }),
  'MFA Recovery Approved': ({ recovery: { id, state } }, contact) => ({
    subject: 'The removal of your MFA devices was approved',
    what:
      state === 'approved'
        ? 'The removal of your MFA devices was approved and begins now.'
        : 'The removal of your MFA devices was approved by one person. It takes another approval before anything is done.',
    advice: [
      notReported(contact),
      `Until it begins you can object with your access key: PUT /v1/me/recoveries/${id}/objection.`,
    ].join('\n\n'),
  }),
  'MFA Recovery Denied': (_, contact) => ({
    subject: 'The removal of your MFA devices was denied',
    what: 'Somebody asked to take away your MFA devices, and it was denied. Your devices stay as they are.',
    advice: `If you did lose a device, call ${contact}. ${notReported(contact)}`,
  }),
  'MFA Recovery Cancelled': (_, contact) => ({
    subject: 'The removal of your MFA devices was cancelled',
    what: 'Somebody asked to take away your MFA devices, and it was cancelled. Your devices stay as they are.',
    advice: notReported(contact),
  }),
  'MFA Recovery Objected': ({ recovery: { id } }, contact) => ({
    subject: 'You objected to the removal of your MFA devices',
    what: 'Somebody with your access key objected to the removal of your MFA devices. One more person has to approve it now.',
    advice: `If that was not you, somebody else has your access key: deactivate it, and call ${contact} at once. GET /v1/me/recoveries shows how recovery ${id} goes on.`,
  }),
  'MFA Recovery Expired': (_, contact) => ({
    subject: 'The removal of your MFA devices has expired',
    what: 'Somebody asked to take away your MFA devices, and nobody approved it in time. Your devices stay as they are.',
    advice: `If you did lose a device, call ${contact}. ${notReported(contact)}`,
  }),
  'MFA Recovery Executed': (_, contact) => ({
    subject: 'Your MFA devices were taken away',
    what: 'The MFA devices that you were said to have lost can no longer be used. If you have none left, you need an enrolment pass for your next one: ask for it where you reported the loss.',
    advice: `If you did not report a device, somebody is posing as you: call ${contact} at once, before a pass is given out.`,
  }),
  'MFA Recovery Failed': (_, contact) => ({
    subject: 'The removal of your MFA devices failed',
    what: 'Your MFA devices were to be taken away, but that failed. Some of them may be gone: GET /v1/me/mfa-devices shows those that you have.',
    advice: `Call ${contact}. ${notReported(contact)}`,
  }),
  'MFA Enrolment Pass Issued': (_, contact) => ({
    subject: 'An enrolment pass was issued for you',
    what: 'An enrolment pass was issued with which an MFA device can be enrolled for you. Whoever has it and your access key can sign in as you.',
    advice: `If nobody gave it to you in person, call ${contact} at once.`,
  }),
};

function recoveryWords(type: string, detail: RecoveryDetail, contact: string): Words | undefined {
  const words = Object.entries(recoveryNotices).find(([name]) => name === type)?.[1];
  if (words === undefined) return undefined;
  const { id, ticket, requestedBy } = detail.recovery;
  return {
    ...words(detail, contact),
    facts: [
      `By: ${actorOf(detail)}`,
      `Asked for by: ${requestedBy}${isPlainId(ticket.id) ? `, ticket ${ticket.id} (${ticket.system})` : ''}`,
      `Recovery: ${id}`,
    ],
  };
}

/** A ticket's number. One that could pass for the address of a page is not repeated to the user. */
const isPlainId = (id: string): boolean => /^[\w#-]{1,64}$/.test(id);

const actorOf = ({ actor: { name, sourceIp } }: DeviceDetail | RecoveryDetail): string =>
  sourceIp === undefined ? name : `${name}, from ${sourceIp}`;

/** `2026-11-24 12:00:05 UTC` */
const timeOf = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
