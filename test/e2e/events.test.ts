import { afterEach, describe, expect, it } from 'vitest';
import type { BusEvent } from '../../local-aws/aws/event-bus.ts';
import { localFunctionName } from '../../local-aws/deployment.ts';
import { noticeEvents } from '../../shared/contract/events/detail-types.ts';
import { useApi, type Who } from '../support/e2e.ts';
import {
  accountArn,
  bobsPhone,
  bobsSeed,
  codesNow,
  createFirst,
  createFurther,
  enableFirst,
  enableFurther,
  stepUp,
} from '../support/e2e-flows.ts';
import { assertDocumentedEvent } from '../support/events.ts';
import {
  bobsLoss,
  decide,
  fillPolicies,
  objectTo,
  requested,
  sessionOfBothRoles,
  sweep,
} from '../support/recovery-flows.ts';
import { staffSession } from '../support/staff.ts';
import { standardSigner } from '../support/webhooks.ts';

const api = useApi();

/** The events, mails and dead letters so far. Events come in any order. */
async function recordedEvents() {
  await api.stack.settled();
  const { events, ...others } = api.stack.services.recordedEvents();
  return { events: events.toSorted((one, other) => (timeOf(one) < timeOf(other) ? -1 : 1)), ...others };
}

const timeOf = ({ detail }: BusEvent): string => Object(detail).time;

const types = async () => (await recordedEvents()).events.map((event) => event['detail-type']);

/** Recipient and subject of every mail. */
const mails = async () =>
  (await recordedEvents()).mails.map(({ to, subject }) => [...to, subject]).toSorted();

const staff = (userName: string) => staffSession(api.stack, userName);

async function succeed(who: Who, method: string, path: string, body?: object): Promise<string> {
  const answer = await api.fetch(who, method, path, body);
  expect(answer.status, answer.text).toBeLessThan(300);
  return answer.text;
}

const mention = 'seen by her manager';

const request = async (reason = 'lost') =>
  requested(api, await staff('ann'), bobsLoss('INC0012345', { reason, evidence: mention }));

afterEach(async () => {
  const { events, mails: sent, notifications } = await recordedEvents();
  for (const event of events) assertDocumentedEvent({ ...event });
  expect(notifications).toHaveLength(events.length);
  const text = JSON.stringify([events, sent]);
  expect(api.secrets.leaksIn(text)).toEqual([]);
  expect(text).not.toContain(mention);
  expect(text).not.toMatch(/A[KS]IA[A-Z0-9]/);
});

describe('a change of a device', () => {
  it('emits one event, and one e-mail if it changes the factors', async () => {
    const who = () => stepUp(api, 'bob');
    await enableFurther(api, who(), await createFurther(api, who(), 'tablet'));
    api.stack.clock.advance(180);
    await succeed(who(), 'PATCH', '/v1/mfa-devices/tablet', { label: 'Old' });
    await succeed(who(), 'POST', '/v1/mfa-devices/tablet/tags', { tags: { team: 'x' } });
    await succeed(who(), 'DELETE', '/v1/mfa-devices/tablet/tags?key=team');
    await succeed(who(), 'POST', '/v1/mfa-devices/phone/resync', codesNow(api, bobsSeed));
    await succeed(who(), 'DELETE', '/v1/mfa-devices/tablet/activation');
    await succeed(who(), 'DELETE', '/v1/mfa-devices/tablet');

    const { events, mails: sent } = await recordedEvents();
    const tablet = `${accountArn}:mfa/self-service/bob/tablet`;
    expect(events.map(({ detail, ...event }) => [event['detail-type'], ...event.resources])).toEqual([
      ['MFA Device Enrolment Started', `${accountArn}:user/bob`, tablet],
      ['MFA Device Enabled', `${accountArn}:user/bob`, tablet],
      ['MFA Device Labelled', `${accountArn}:user/bob`, tablet],
      ['MFA Device Tagged', `${accountArn}:user/bob`, tablet],
      ['MFA Device Untagged', `${accountArn}:user/bob`, tablet],
      ['MFA Device Resynchronised', `${accountArn}:user/bob`, bobsPhone],
      ['MFA Device Deactivated', `${accountArn}:user/bob`, tablet],
      ['MFA Device Deleted', `${accountArn}:user/bob`, tablet],
    ]);
    for (const { from } of sent) expect(from).toBe('mfa@example.com');
    expect(await mails()).toEqual([
      ['bob@example.com', 'Your MFA device phone was resynchronised'],
      ['bob@example.com', 'Your MFA device tablet was deactivated'],
      ['bob@example.com', 'Your MFA device tablet was deleted'],
      ['bob@example.com', 'Your MFA device tablet was enabled'],
    ]);
  }, 60_000);

  it('that replaces a device emits one event', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const body = { ...codesNow(api, tablet.seed), replaces: 'phone' };
    await succeed(stepUp(api, 'bob'), 'PUT', '/v1/mfa-devices/tablet/activation', body);
    const { events, mails: sent } = await recordedEvents();
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'MFA Device Enabled',
      detail: { result: 'done', device: { serialNumber: tablet.serialNumber, replaces: bobsPhone } },
    });
    expect(sent).toMatchObject([{ text: expect.stringContaining(`Replaces: ${bobsPhone}`) }]);
  });

  it('that was only partly made says so', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    api.stack.faults.put({ operation: 'DeactivateMFADevice', error: 'AccessDenied', times: 1 });
    const body = { ...codesNow(api, tablet.seed), replaces: 'phone' };
    await api.fetch(stepUp(api, 'bob'), 'PUT', '/v1/mfa-devices/tablet/activation', body);
    const { events, mails: sent } = await recordedEvents();
    expect(events.at(-1)?.detail).toMatchObject({
      ...{ result: 'incomplete', changes: ['EnableMFADevice', 'UntagMFADevice'] },
    });
    expect(sent).toMatchObject([{ subject: 'Your MFA device tablet may have been enabled' }]);
  });

  it('that was refused or already made emits none', async () => {
    const device = await createFirst(api, 'alice');
    await enableFirst(api, 'alice', device);
    const before = await types();
    expect((await enableFirst(api, 'alice', device)).status).toBe(200);
    expect((await api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'x' })).status).toBe(403);
    expect((await api.fetch(stepUp(api, 'alice'), 'DELETE', '/v1/mfa-devices/phone')).status).toBe(409);
    expect(await types()).toEqual(before);
    expect(before).toEqual(['MFA Device Enrolment Started', 'MFA Device Enabled']);
  });

  it('sends no e-mail to a user without an address', async () => {
    api.stack.account.users.get('alice').tags = [];
    await enableFirst(api, 'alice', await createFirst(api, 'alice'));
    const { events, mails: sent, deadLetters } = await recordedEvents();
    expect(events).toHaveLength(2);
    expect([sent, deadLetters]).toEqual([[], []]);
  });

  it.each(['alice@example.com,eve@example.com', 'alice@example.com\r\nBcc: eve@example.com', 'alice'])(
    'sends no e-mail to an invalid address: %j',
    async (Value) => {
      api.stack.account.users.get('alice').tags = [{ Key: 'email', Value }];
      await enableFirst(api, 'alice', await createFirst(api, 'alice'));
      const { mails: sent, deadLetters } = await recordedEvents();
      expect([sent, deadLetters]).toEqual([[], []]);
    },
  );
});

describe('a recovery', () => {
  const told = async (...expected: readonly string[]) => {
    expect(await types()).toEqual(expected);
    const notices: readonly string[] = noticeEvents;
    expect(await mails()).toHaveLength(expected.filter((type) => notices.includes(type)).length);
  };

  it('emits events from the request through the pass to the first device', async () => {
    const id = await request();
    await decide(api, await staff('pat'), id, 'approval');
    await api.stack.settled();
    const answer = await api.fetch(await staff('pat'), 'POST', `/v1/recoveries/${id}/enrolment-pass`);
    const { enrolmentPass: pass } = answer.json();

    const { events } = await recordedEvents();
    await told(
      'MFA Recovery Requested',
      'MFA Recovery Approved',
      'MFA Recovery Executed',
      'MFA Enrolment Pass Issued',
    );
    const { userId } = api.stack.account.users.get('bob');
    for (const { detail } of events) expect(detail).toMatchObject({ subject: { userName: 'bob', userId } });
    const actors = ['ann', 'pat', 'mfa-self-service', 'pat'];
    expect(events.map(({ detail }) => Object(detail).actor.name)).toEqual(actors);
    expect(events[2]?.detail).toMatchObject({
      recovery: { id, state: 'executed', requestedBy: 'ann', removed: [bobsPhone] },
    });
    expect(await mails()).toEqual([
      ['bob@example.com', 'An enrolment pass was issued for you'],
      ['bob@example.com', 'Someone asked to remove your MFA devices'],
      ['bob@example.com', 'The removal of your MFA devices was approved'],
      ['bob@example.com', 'Your MFA devices were removed'],
    ]);

    const created = await api.fetch('bob', 'POST', '/v1/me/first-mfa-device', { name: 'new', pass });
    const path = '/v1/me/first-mfa-device/new/activation';
    await succeed('bob', 'PUT', path, { ...codesNow(api, created.json().base32Seed), pass });
    const enrolment = (await recordedEvents()).events.slice(4);
    expect(enrolment.map(({ detail }) => detail)).toMatchObject([{ recovery: { id } }, { recovery: { id } }]);
  });

  it('emits events when it is objected to and cancelled', async () => {
    const id = await request();
    await objectTo(api, 'bob', id);
    await decide(api, await staff('pat'), id, 'cancellation');
    await told('MFA Recovery Requested', 'MFA Recovery Objected', 'MFA Recovery Cancelled');
  });

  it('emits an event when it is denied', async () => {
    await decide(api, await staff('pat'), await request(), 'denial');
    await told('MFA Recovery Requested', 'MFA Recovery Denied');
  });

  it('emits an event when it expires', async () => {
    await request();
    await api.stack.settled();
    api.stack.clock.advance(8 * 86_400);
    await sweep(api);
    await told('MFA Recovery Requested', 'MFA Recovery Expired');
  });

  it('emits an event when it fails', async () => {
    const id = await request();
    fillPolicies(api.stack, 'bob');
    await decide(api, await staff('pat'), id, 'approval');
    const { events } = await recordedEvents();
    expect(events.at(-1)).toMatchObject({
      'detail-type': 'MFA Recovery Failed',
      detail: { recovery: { id, state: 'failed', failure: 'policy-quota' } },
    });
  });

  it('of a stolen device emits events during and after execution, and when the revocation ends', async () => {
    const id = await request('stolen');
    await decide(api, await staff('pat'), id, 'approval');
    await api.stack.settled();
    api.stack.clock.advance(61);
    await sweep(api);
    await api.stack.settled();
    api.stack.clock.advance(37 * 3600);
    await sweep(api);
    await told(
      'MFA Recovery Requested',
      'MFA Recovery Approved',
      'MFA Recovery Executing',
      'MFA Recovery Executed',
      'MFA Recovery Revocation Ended',
    );
  });

  it('requested by a webhook names the ticketing system and the person, without an ARN', async () => {
    const now = Date.now();
    const body = { ...bobsLoss('HD-1'), ticket: { id: 'HD-1' }, requestedBy: 'Ann Smith', evidence: mention };
    const text = standardSigner.body(body, now);
    const headers = standardSigner.sign(text, 'local-ticketing-secret', now);
    const sent = { 'Content-Type': 'application/json', ...headers };
    const answer = await api.send('POST', '/v1/ticketing/standard', sent, text);
    expect(answer.status, answer.text).toBe(200);
    const [event] = (await recordedEvents()).events;
    expect(event?.detail).toMatchObject({
      actor: { name: 'Ann Smith', system: 'standard', sourceIp: '127.0.0.1' },
      recovery: { ticket: { system: 'standard', id: 'HD-1' }, requestedBy: 'Ann Smith' },
    });
    expect(Object(event?.detail).actor).not.toHaveProperty('arn');
  });

  it('of a deleted user is not reported to their namesake', async () => {
    const id = await request();
    await api.stack.settled();
    const { users } = api.stack.account;
    const bob = users.get('bob');
    users.delete(bob);
    users.create({ userName: 'bob', path: '/', tags: bob.tags, now: api.stack.clock.now() });
    await decide(api, await staff('pat'), id, 'denial');
    expect(await types()).toEqual(['MFA Recovery Requested', 'MFA Recovery Denied']);
    expect(await mails()).toHaveLength(1);
  });

  it('that the caller may not decide on leaves an audit line and no event', async () => {
    const id = await request();
    expect((await decide(api, sessionOfBothRoles(api, 'ann'), id, 'approval')).status).toBe(403);
    expect(await types()).toEqual(['MFA Recovery Requested']);
    const lines = api.stack.lambda.logs.map(({ line }) => JSON.parse(line));
    expect(
      lines.filter(({ action, result }) => action === 'approve-recovery' && result === 'refused'),
    ).toEqual([
      expect.objectContaining({
        ...{ audit: true, result: 'refused', code: 'separation-of-duties', userName: 'ann' },
        recovery: expect.objectContaining({ id, userName: 'bob', requestedBy: 'ann' }),
        changes: [],
      }),
    ]);
  });
});

describe('while events cannot be put', () => {
  const change = async () => enableFirst(api, 'alice', await createFirst(api, 'alice'));
  const subscriber = localFunctionName('publish-events');

  it('changes are made and reported later', async () => {
    api.stack.faults.put({ operation: 'PutEvents', error: 'InternalFailure', times: 4 });
    expect((await change()).status).toBe(200);
    const all = await types();
    expect(all.toSorted()).toEqual(['MFA Device Enabled', 'MFA Device Enrolment Started']);
    expect((await recordedEvents()).deadLetters).toEqual([]);
  });

  it('for good, the message is kept as a dead letter; the user is told all the same', async () => {
    api.stack.faults.put({ operation: 'PutEvents', error: 'InternalFailure', times: 1000 });
    expect((await change()).status).toBe(200);
    const { events, deadLetters } = await recordedEvents();
    expect(events).toEqual([]);
    expect(new Set((await mails()).flat())).toEqual(
      new Set(['alice@example.com', 'Your MFA device phone was enabled']),
    );
    expect(deadLetters.map(({ functionName }) => functionName)).toEqual([subscriber, subscriber]);
  });
});

describe('while the functions that act on events cannot be invoked', () => {
  const change = async () => enableFirst(api, 'alice', await createFirst(api, 'alice'));

  it('changes are made and put on the bus, and the user is told later', async () => {
    api.stack.faults.put({ operation: 'Invoke', error: 'ServiceException', times: 4 });
    expect((await change()).status).toBe(200);
    expect(new Set(await types())).toEqual(new Set(['MFA Device Enrolment Started', 'MFA Device Enabled']));
    expect(await mails()).toEqual([['alice@example.com', 'Your MFA device phone was enabled']]);
    expect((await recordedEvents()).deadLetters).toEqual([]);
  });

  it('for good, the message is kept as a dead letter', async () => {
    api.stack.faults.put({ operation: 'Invoke', error: 'ServiceException', times: 1000 });
    expect((await change()).status).toBe(200);
    const { mails: sent, deadLetters } = await recordedEvents();
    expect(sent).toEqual([]);
    expect(deadLetters).toMatchObject([{ functionName: localFunctionName('publish-events') }]);
  });
});

describe('while e-mails cannot be sent', () => {
  const change = async () => enableFirst(api, 'alice', await createFirst(api, 'alice'));

  it.each(['SendEmail', 'GetUser'])(
    'because %s fails, changes are made and reported later',
    async (operation) => {
      api.stack.faults.put({ operation, error: 'ServiceFailure', times: 3 });
      expect((await change()).status).toBe(200);
      expect(await mails()).toEqual([['alice@example.com', 'Your MFA device phone was enabled']]);
    },
  );

  it('for good, the message is kept as a dead letter', async () => {
    api.stack.faults.put({ operation: 'SendEmail', error: 'ServiceFailure', times: 1000 });
    expect((await change()).status).toBe(200);
    const { events, mails: sent, deadLetters } = await recordedEvents();
    expect([events.length, sent.length]).toEqual([2, 0]);
    expect(deadLetters).toMatchObject([
      { functionName: localFunctionName('notify-subject'), event: { 'detail-type': 'MFA Device Enabled' } },
    ]);
  });
});

it('an event from another stage is reported to no one', async () => {
  await enableFirst(api, 'alice', await createFirst(api, 'alice'));
  const { events, mails: before } = await recordedEvents();
  const [event] = events.filter((one) => one['detail-type'] === 'MFA Device Enabled');
  const other = { ...event, detail: { ...event?.detail, stage: 'other' } };
  const results = await Promise.all(
    ['notify-subject', 'report-outcome'].map((name) =>
      api.stack.lambda.invoke(localFunctionName(name), other),
    ),
  );
  expect(results).toMatchObject([
    { error: { errorMessage: 'The event is of another stage' } },
    { error: { errorMessage: 'The event is not valid: detail-type, detail.recovery' } },
  ]);
  expect((await recordedEvents()).mails).toEqual(before);
});
