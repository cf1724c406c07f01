import { describe, expect, it } from 'vitest';
import { useApi, type Who } from '../support/e2e.ts';
import {
  accountArn,
  askForSession,
  bobsPhone,
  bobsSeed,
  codesNow,
  createFurther,
  enableFirst,
  enableFurther,
  enrolFirst,
  stepUp,
  wrongCode,
} from '../support/e2e-flows.ts';
import { emfFaults } from '../support/emf.ts';
import type { Answer } from '../support/http.ts';

type Line = Readonly<Record<string, unknown>>;

const api = useApi();
const alicesPhone = `${accountArn}:mfa/self-service/alice/phone`;

const isRequest = ({ message }: Line) => message === 'request';

/** The log lines of these requests; every request ends with its own summary line. */
async function logged(...requests: readonly Promise<Answer>[]): Promise<readonly Line[]> {
  const ids = new Set((await Promise.all(requests)).map(({ headers }) => headers['x-request-id']));
  const lines = () =>
    api.stack.lambda.logs
      .map(({ line }): Line => JSON.parse(line))
      .filter(({ requestId }) => ids.has(String(requestId)));
  await expect.poll(() => lines().filter(isRequest).length).toBe(requests.length);
  return lines();
}

const audited = async (request: Promise<Answer>) =>
  (await logged(request)).filter(({ audit }) => audit === true);

const measured = async (request: Promise<Answer>) => (await logged(request)).find(isRequest);

const create = () => api.fetch('alice', 'POST', '/v1/me/first-mfa-device', { name: 'phone' });
const enable = () => {
  const { seed = '' } = api.stack.account.devices.get(alicesPhone);
  return enableFirst(api, 'alice', { name: 'phone', seed });
};

describe('the metrics', () => {
  it('of every request are in its log line, in CloudWatchâs format', async () => {
    await create();
    for (const [operation, code, request] of [
      ['enable-first-mfa-device', undefined, enable()],
      ['get-me', undefined, api.fetch('alice', 'GET', '/v1/me')],
      ['get-mfa-device', 'device-not-found', api.fetch('alice', 'GET', '/v1/me/mfa-devices/none')],
      ['create-session', 'validation-failed', api.fetch('alice', 'POST', '/v1/me/sessions', {})],
    ] as const) {
      const line = await measured(request);
      expect(line).toMatchObject({ Stage: 'local', Operation: operation, Requests: 1 });
      expect(line?.['Code']).toBe(code);
      expect(emfFaults(JSON.stringify(line), api.stack.clock.now())).toEqual([]);
    }
  });

  it('count enrolments started and finished', async () => {
    expect(await measured(create())).toMatchObject({ EnrolmentsStarted: 1, Requests: 1 });
    expect(await measured(enable())).toMatchObject({ EnrolmentsFinished: 1 });
    expect(await measured(enable())).not.toHaveProperty('EnrolmentsFinished');
    const refused = await measured(create());
    expect(refused).toMatchObject({ Problems: 1, Code: 'first-device-only' });
    expect(refused).not.toHaveProperty('EnrolmentsStarted');
  });

  it('count calls to AWS: AssumeRole, IAM, the table and STS, retries included', async () => {
    const first = await measured(api.fetch('carol', 'GET', '/v1/me'));
    expect(first).toMatchObject({ UpstreamCalls: 3 });
    expect(await measured(api.fetch('carol', 'GET', '/v1/me'))).toMatchObject({ UpstreamCalls: 2 });
    api.stack.faults.put({ operation: 'ListMFADevices', error: 'Throttling', times: 1 });
    const repeated = await measured(api.fetch('carol', 'GET', '/v1/me'));
    expect(repeated).toMatchObject({ UpstreamCalls: 3 });
    expect(Number(repeated?.['UpstreamMillis'])).toBeGreaterThan(0);

    const device = { serialNumber: bobsPhone, seed: bobsSeed };
    expect(await measured(askForSession(api, 'bob', device))).toMatchObject({ UpstreamCalls: 2 });
    const deletion = await measured(api.fetch(stepUp(api, 'bob'), 'DELETE', '/v1/mfa-devices/phone'));
    // AssumeRole, ListMFADevices, ListMFADeviceTags, and the table to take and release the lease.
    expect(deletion).toMatchObject({ UpstreamCalls: 5, Code: 'last-device' });
  });

  it('of simultaneous requests do not mix', async () => {
    await api.fetch('bob', 'GET', '/v1/me');
    await api.fetch('carol', 'GET', '/v1/me');
    const lines = await logged(
      ...['bob', 'carol', 'bob', 'carol'].map((who) => api.fetch(who, 'GET', '/v1/me')),
    );
    expect(lines.map(({ UpstreamCalls }) => UpstreamCalls)).toEqual([2, 2, 2, 2]);
  });

  it('count refusals for missing MFA, also those by the function', async () => {
    const device = await enrolFirst(api, 'alice');
    await enableFurther(api, stepUp(api, 'alice'), await createFurther(api, stepUp(api, 'alice'), 'tablet'));
    const body = { deviceId: 'phone', ...codesNow(api, device.seed) };
    const line = await measured(api.fetch('alice', 'POST', '/v1/me/resyncs', body));
    expect(line).toMatchObject({ StepUpRefused: 1, Problems: 1, Code: 'step-up-required' });
  });
});

describe('the audit log', () => {
  /** The fields that every line about a user's change has. */
  const common = (who: string, action: string) => ({
    ...{ level: 'INFO', message: 'change', audit: true, action },
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    userName: who,
    userArn: api.stack.account.users.get(who).arn,
    userId: api.stack.account.users.get(who).userId,
    accessKeyId: expect.stringMatching(/^A[KS]IA/),
    sourceIp: '127.0.0.1',
    requestId: expect.stringMatching(/^[\w-]{36}$/),
  });

  it('records an enrolment: the user, the device and the AWS calls', async () => {
    const [started, ...more] = await audited(create());
    expect(more).toEqual([]);
    expect(started).toEqual({
      ...common('alice', 'start-enrolment'),
      ...{ result: 'done', serialNumber: alicesPhone, changes: ['CreateVirtualMFADevice'] },
    });
    expect(await audited(enable())).toEqual([
      {
        ...common('alice', 'finish-enrolment'),
        ...{ result: 'done', serialNumber: alicesPhone, changes: ['EnableMFADevice', 'UntagMFADevice'] },
      },
    ]);
  });

  it('records every other change', async () => {
    const tablet = `${accountArn}:mfa/self-service/bob/tablet`;
    const who = () => stepUp(api, 'bob');
    const send = (method: string, path: string, body?: object) => () => api.fetch(who(), method, path, body);
    await enableFurther(api, who(), await createFurther(api, who(), 'tablet'));
    api.stack.clock.advance(120);
    const steps: readonly [string, string, () => Promise<Answer>, readonly string[]][] = [
      ['label-device', tablet, send('PATCH', '/v1/mfa-devices/tablet', { label: 'Old' }), ['TagMFADevice']],
      [
        'tag-device',
        tablet,
        send('POST', '/v1/mfa-devices/tablet/tags', { tags: { team: 'secret-value' } }),
        ['TagMFADevice'],
      ],
      ['untag-device', tablet, send('DELETE', '/v1/mfa-devices/tablet/tags?key=team'), ['UntagMFADevice']],
      [
        'resync-device',
        bobsPhone,
        send('POST', '/v1/mfa-devices/phone/resync', codesNow(api, bobsSeed)),
        ['ResyncMFADevice'],
      ],
      [
        'issue-session',
        bobsPhone,
        () => askForSession(api, 'bob', { serialNumber: bobsPhone, seed: bobsSeed }),
        ['GetSessionToken'],
      ],
      [
        'deactivate-device',
        tablet,
        send('DELETE', '/v1/mfa-devices/tablet/activation'),
        ['DeactivateMFADevice'],
      ],
      ['delete-device', tablet, send('DELETE', '/v1/mfa-devices/tablet'), ['DeleteVirtualMFADevice']],
    ];
    for (const [action, serialNumber, request, changes] of steps) {
      expect(await audited(request()), action).toEqual([
        { ...common('bob', action), result: 'done', serialNumber, changes },
      ]);
    }
    expect(api.stack.logText()).not.toContain('secret-value');
  });

  it('records which device was replaced', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    const body = { ...codesNow(api, tablet.seed), replaces: 'phone' };
    const request = () => api.fetch(stepUp(api, 'bob'), 'PUT', '/v1/mfa-devices/tablet/activation', body);
    expect(await audited(request())).toMatchObject([
      {
        ...{
          action: 'finish-enrolment',
          result: 'done',
          serialNumber: tablet.serialNumber,
          replaces: bobsPhone,
        },
        changes: ['EnableMFADevice', 'UntagMFADevice', 'DeactivateMFADevice', 'DeleteVirtualMFADevice'],
      },
    ]);
  });

  it('records that nothing had to change', async () => {
    const who = () => stepUp(api, 'bob');
    await createFurther(api, who(), 'tablet');
    const request = () => api.fetch(who(), 'DELETE', '/v1/mfa-devices/tablet/activation');
    expect(await audited(request())).toMatchObject([{ result: 'unchanged', changes: [] }]);
  });

  it('records an unfinished change', async () => {
    const tablet = await createFurther(api, stepUp(api, 'bob'), 'tablet');
    api.stack.faults.put({ operation: 'DeactivateMFADevice', error: 'AccessDenied', times: 1 });
    const body = { ...codesNow(api, tablet.seed), replaces: 'phone' };
    const request = () => api.fetch(stepUp(api, 'bob'), 'PUT', '/v1/mfa-devices/tablet/activation', body);
    expect(await audited(request())).toMatchObject([
      {
        ...{ result: 'incomplete', code: 'upstream-failed', replaces: bobsPhone },
        changes: ['EnableMFADevice', 'UntagMFADevice'],
      },
    ]);
  });

  it.each<[string, string, Who, string, string, object | undefined]>([
    ['last-device', 'delete-device', 'bob+', 'DELETE', '/v1/mfa-devices/phone', undefined],
    ['first-device-only', 'start-enrolment', 'bob', 'POST', '/v1/me/first-mfa-device', { name: 'x' }],
    [
      'no-active-device',
      'finish-enrolment',
      'carol+',
      'PUT',
      '/v1/mfa-devices/x/activation',
      { code1: '111111', code2: '222222' },
    ],
  ])('records a refusal for %s', async (code, action, who, method, path, body) => {
    const name = String(who).replace('+', '');
    const keys = name === who ? who : stepUp(api, name);
    const lines = await audited(api.fetch(keys, method, path, body));
    expect(lines).toEqual([
      expect.objectContaining({ ...common(name, action), result: 'refused', code, changes: [] }),
    ]);
  });

  it('records wrong codes', async () => {
    await create();
    const seed = api.stack.account.devices.get(alicesPhone).seed ?? '';
    const [code1, code2] = [wrongCode(api, seed), codesNow(api, seed).code2];
    const enabling = () =>
      api.fetch('alice', 'PUT', '/v1/me/first-mfa-device/phone/activation', { code1, code2 });
    expect(await audited(enabling())).toMatchObject([
      { action: 'finish-enrolment', result: 'refused', code: 'invalid-authentication-code', changes: [] },
    ]);
    const session = () =>
      askForSession(api, 'bob', { serialNumber: bobsPhone, seed: bobsSeed }, wrongCode(api, bobsSeed));
    expect(await audited(session())).toMatchObject([
      {
        ...{ action: 'issue-session', result: 'refused', code: 'invalid-authentication-code' },
        ...{ serialNumber: bobsPhone, changes: [] },
      },
    ]);
  });

  it.each<[string, string, string, object | undefined]>([
    ['reads', 'GET', '/v1/me', undefined],
    ['invalid requests', 'POST', '/v1/me/first-mfa-device', { name: '..' }],
    ['unknown devices', 'POST', '/v1/me/resyncs', { deviceId: 'x', code1: '111111', code2: '222222' }],
  ])('does not record %s', async (_, method, path, body) => {
    expect(await audited(api.fetch('alice', method, path, body))).toEqual([]);
  });
});
