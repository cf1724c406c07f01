import type { DetailType, DeviceEvent, NoticeEvent, RecoveryEvent } from '../contract/events/detail-types.ts';
import type { DeviceDetail, RecoveryDetail, ServiceEvent } from '../contract/events/schemas.ts';
import { deviceNameOf } from '../devices/device-id.ts';
import { namedPlainly, withoutLinks } from './plain-words.ts';

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

/** The e-mail to an event's subject; undefined for events that change nothing for them. */
export function noticeOf({ 'detail-type': type, detail }: ServiceEvent, contact: string): Notice | undefined {
  const words =
    'device' in detail ? deviceWords(type, detail, contact) : recoveryWords(type, detail, contact);
  return words && { subject: words.subject, text: letter(words, detail) };
}

function letter({ what, facts, advice }: Words, detail: DeviceDetail | RecoveryDetail): string {
  const lines = [`When: ${timeOf(detail.time)}`, ...facts.filter((fact) => fact !== undefined)];
  const paragraphs = [
    `Hello ${withoutLinks(detail.subject.userName)},`,
    what,
    lines.join('\n'),
    advice,
    'No one will ever ask you for a code, a password or an enrolment pass because of this e-mail.',
    `This e-mail went to the address in the tag "email" of your IAM user. Reference: ${detail.requestId}`,
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

const deviceVerbs: Readonly<Partial<Record<DeviceEvent | RecoveryEvent, string>>> = {
  'MFA Device Enabled': 'enabled',
  'MFA Device Deactivated': 'deactivated',
  'MFA Device Deleted': 'deleted',
  'MFA Device Resynchronised': 'resynchronised',
  'MFA Device Resynchronised With Access Key': 'resynchronised without MFA',
} satisfies Record<NoticeEvent & DeviceEvent, string>;

const resyncedByKey: DetailType = 'MFA Device Resynchronised With Access Key';

function deviceWords(type: string, detail: DeviceDetail, contact: string): Words | undefined {
  const verb = Object.entries(deviceVerbs).find(([name]) => name === type)?.[1];
  if (verb === undefined) return undefined;
  const { serialNumber, replaces } = detail.device;
  const name = withoutLinks(deviceNameOf(serialNumber));
  const done = detail.result === 'done';
  const subject = `Your MFA device ${name} ${done ? 'was' : 'may have been'} ${verb}`;
  return {
    subject,
    what: done
      ? `${subject}.`
      : `${subject}: an error interrupted the change. GET /v1/me/mfa-devices shows the devices that you have now.`,
    facts: [
      `By: ${actorOf(detail)}`,
      `Device: ${withoutLinks(serialNumber)}`,
      replaces && `Replaces: ${withoutLinks(replaces)}`,
    ],
    advice: type === resyncedByKey ? adviceAfterResync(contact) : adviceOnDevice(contact),
  };
}

const adviceOnDevice = (contact: string): string =>
  'If this was not you, someone else may have your access key or your device: ' +
  `deactivate the access key, and call ${contact} at once.`;

/** Whoever resynchronised it had codes, and may have left the owner's own codes useless. */
const adviceAfterResync = (contact: string): string =>
  [
    'It took your access key and two codes of the device. You can still sign in with it, but may have to wait ' +
      'before you can add, replace or remove devices.',
    'If this was not you, someone else has your access key and has seen codes of your device, and AWS may ' +
      `refuse yours from now on: deactivate the access key, and call ${contact} at once.`,
  ].join('\n\n');

type RecoveryWords = (detail: RecoveryDetail, contact: string) => Omit<Words, 'facts'>;

const notReported = (contact: string): string =>
  `If you did not report a device, someone may be posing as you: call ${contact} at once.`;

const notEnabled = (contact: string): string =>
  'After the removal was requested, a device was enabled for you, and it was removed, too. If you did not enable it, ' +
  `someone else has your access key: deactivate it, and call ${contact} at once.`;

/** Names of the removed devices that those who approved did not see. Whoever enabled them chose the names: no links. */
const addedSince = ({ removedDevices = [] }: RecoveryDetail['recovery']): readonly string[] =>
  removedDevices
    .filter(({ addedSinceRequest }) => addedSinceRequest)
    .map(({ serialNumber }) => withoutLinks(deviceNameOf(serialNumber)));

const recoveryNotices: Readonly<Record<NoticeEvent & RecoveryEvent, RecoveryWords>> = {
  'MFA Recovery Requested': ({ recovery: { id, reason } }, contact) => ({
    subject: 'Someone asked to remove your MFA devices',
    what:
      `Your MFA device was reported to the help desk as ${reason}, and someone asked to remove it. ` +
      'Nothing has been done yet: another person has to approve the removal first.',
    advice: [
      notReported(contact),
      `You can object with your access key: PUT /v1/me/recoveries/${id}/objection. ` +
        'The removal will then need one more approval.',
    ].join('\n\n'),
  }),
  'MFA Recovery Approved': ({ recovery: { id, state } }, contact) => ({
    subject: 'The removal of your MFA devices was approved',
    what:
      state === 'approved'
        ? 'The removal of your MFA devices was approved and begins now.'
        : 'One person approved the removal of your MFA devices. Nothing will be done without another approval.',
    advice: [
      notReported(contact),
      `Until it begins, you can object with your access key: PUT /v1/me/recoveries/${id}/objection.`,
    ].join('\n\n'),
  }),
  'MFA Recovery Denied': (_, contact) => ({
    subject: 'The removal of your MFA devices was denied',
    what: 'Someone asked to remove your MFA devices, and the request was denied. Your devices stay as they are.',
    advice: `If you did lose a device, call ${contact}. ${notReported(contact)}`,
  }),
  'MFA Recovery Cancelled': (_, contact) => ({
    subject: 'The removal of your MFA devices was cancelled',
    what: 'Someone asked to remove your MFA devices, and the request was cancelled. Your devices stay as they are.',
    advice: notReported(contact),
  }),
  'MFA Recovery Objected': ({ recovery: { id } }, contact) => ({
    subject: 'You objected to the removal of your MFA devices',
    what:
      'Someone with your access key objected to the removal of your MFA devices. ' +
      'The removal now needs one more approval.',
    advice:
      `If this was not you, someone else has your access key: deactivate it, and call ${contact} at once. ` +
      `GET /v1/me/recoveries shows what becomes of recovery ${id}.`,
  }),
  'MFA Recovery Expired': (_, contact) => ({
    subject: 'The request to remove your MFA devices has expired',
    what:
      'Someone asked to remove your MFA devices, but the request was not approved in time. ' +
      'Your devices stay as they are.',
    advice: `If you did lose a device, call ${contact}. ${notReported(contact)}`,
  }),
  'MFA Recovery Executed': ({ recovery }, contact) => ({
    subject: 'Your MFA devices were removed',
    what:
      'The MFA devices reported to the help desk can no longer be used. If you have none left, you need ' +
      'an enrolment pass to enrol a new one: ask for it where you reported the device.',
    advice: [
      ...(addedSince(recovery).length > 0 ? [notEnabled(contact)] : []),
      `If you did not report a device, someone is posing as you: call ${contact} at once, ` +
        'before a pass is handed out.',
    ].join('\n\n'),
  }),
  'MFA Recovery Failed': ({ recovery }, contact) => ({
    subject: 'The removal of your MFA devices failed',
    what:
      'Your MFA devices were to be removed, but the removal failed. Some of them may be gone: ' +
      'GET /v1/me/mfa-devices shows the devices that you still have.',
    advice: [
      ...(addedSince(recovery).length > 0 ? [notEnabled(contact)] : []),
      `Call ${contact}. ${notReported(contact)}`,
    ].join('\n\n'),
  }),
  'MFA Enrolment Pass Issued': (_, contact) => ({
    subject: 'An enrolment pass was issued for you',
    what:
      'An enrolment pass was issued for you. Anyone who has both the pass and your access key ' +
      'can enrol an MFA device as yours, and sign in as you.',
    advice: `If no one has given you the pass in person, call ${contact} at once.`,
  }),
};

function recoveryWords(type: string, detail: RecoveryDetail, contact: string): Words | undefined {
  const words = Object.entries(recoveryNotices).find(([name]) => name === type)?.[1];
  if (words === undefined) return undefined;
  const { id, ticket, requestedBy } = detail.recovery;
  const added = addedSince(detail.recovery);
  return {
    ...words(detail, contact),
    facts: [
      `By: ${actorOf(detail)}`,
      `Requested by: ${namedPlainly(requestedBy)}${isPlainId(ticket.id) ? `, ticket ${ticket.id} (${ticket.system})` : ''}`,
      `Recovery: ${id}`,
      added.length > 0 ? `Also removed, enabled after the request: ${added.join(', ')}` : undefined,
    ],
  };
}

/** Whether a ticket's number is safe to show: one that could pass for a link is left out of the e-mail. */
const isPlainId = (id: string): boolean => /^[\w#-]{1,64}$/.test(id);

function actorOf({ actor: { name, sourceIp } }: DeviceDetail | RecoveryDetail): string {
  const actor = namedPlainly(name);
  return sourceIp === undefined ? actor : `${actor}, from ${sourceIp}`;
}

/** `2026-11-24 12:00:05 UTC` */
const timeOf = (time: string): string => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
