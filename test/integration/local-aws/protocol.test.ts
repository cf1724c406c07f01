import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetUserCommand,
  IAMClient,
  ListMFADevicesCommand,
  ListVirtualMFADevicesCommand,
  TagMFADeviceCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand } from '@aws-sdk/client-sts';
import { AwsClient } from 'aws4fetch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rawFetch, signedRequest } from '../../support/http.ts';
import { bobsPhone, failureOf, keyOf, type LocalAws, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const form = { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' };

/** A signed form POST, as SDKs send it. */
function post(body: string, { service = 'iam', user = 'admin', headers = form } = {}) {
  const scope = { service, region: 'us-east-1', date: new Date() };
  const signed = signedRequest(aws.endpoint, keyOf(user), 'POST', '/', body, headers, scope);
  return rawFetch(aws.endpoint, 'POST', '/', signed.headers, signed.body);
}

function get(target: string, { service = 'iam', user = 'admin' } = {}) {
  const scope = { service, region: 'us-east-1', date: new Date() };
  const { headers } = signedRequest(aws.endpoint, keyOf(user), 'GET', target, undefined, {}, scope);
  return rawFetch(aws.endpoint, 'GET', target, headers);
}

const requestId = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

describe('an answer', () => {
  it('is XML in its serviceâs namespace, with the request id from the header', async () => {
    const answer = await post('Action=ListMFADevices&Version=2010-05-08&UserName=alice');

    const id = answer.headers['x-amzn-requestid'];
    expect(id).toMatch(new RegExp(`^${requestId}$`));
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/xml');
    expect(answer.text).toBe(
      '<ListMFADevicesResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListMFADevicesResult>' +
        '<MFADevices></MFADevices><IsTruncated>false</IsTruncated></ListMFADevicesResult>' +
        `<ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ListMFADevicesResponse>`,
    );
  });

  it('has no result element when the operation has none', async () => {
    const tag = 'Action=TagMFADevice&Version=2010-05-08&Tags.member.1.Key=a&Tags.member.1.Value=b';

    const answer = await post(`${tag}&SerialNumber=${encodeURIComponent(bobsPhone.SerialNumber)}`);

    expect(answer.text).toMatch(
      new RegExp(`^<TagMFADeviceResponse xmlns="[^"]+"><ResponseMetadata><RequestId>${requestId}<`),
    );
  });

  it('is the same for GET and POST', async () => {
    const answer = await get('/?Action=GetCallerIdentity&Version=2011-06-15', { service: 'sts' });

    expect(answer.status).toBe(200);
    expect(answer.text).toContain('<Arn>arn:aws:iam::123456789012:user/admin</Arn>');
    expect(answer.text).toContain('xmlns="https://sts.amazonaws.com/doc/2011-06-15/"');
  });

  it('is given to a presigned URL', async () => {
    const client = new AwsClient({ ...keyOf('bob'), service: 'sts', region: 'us-east-1' });
    const code = aws.code(bobsPhone.seed);
    const query = new URLSearchParams({
      Action: 'GetSessionToken',
      Version: '2011-06-15',
      SerialNumber: bobsPhone.SerialNumber,
      TokenCode: code,
    });
    const signed = await client.sign(`${aws.endpoint}/?${query}`, { aws: { signQuery: true } });

    const answer = await fetch(signed);
    const changed = await fetch(signed.url.replace(code, '000000'));

    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/<AccessKeyId>ASIA[A-Z2-7]{16}<\/AccessKeyId>/);
    expect(await changed.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  it('has its Date in real time, whatever the local clock says', async () => {
    aws.clock.advance(1_000_000);

    const answer = await get('/?Action=GetCallerIdentity&Version=2011-06-15', { service: 'sts' });

    expect(Math.abs(Date.parse(answer.headers.date ?? '') - Date.now())).toBeLessThan(60_000);
  });

  it('carries any text unharmed', async () => {
    const Value = 'Zürich 東京 😀 \u00A0 a+b=c:d/e@f';
    const { SerialNumber } = bobsPhone;

    await aws
      .iam(keyOf('admin'))
      .send(new TagMFADeviceCommand({ SerialNumber, Tags: [{ Key: 'x', Value: 'ok' }] }));
    const failure = await failureOf(
      aws.iam(keyOf('admin')).send(new TagMFADeviceCommand({ SerialNumber, Tags: [{ Key: 'x', Value }] })),
    );
    const unknown = await failureOf(
      aws.iam(keyOf('admin')).send(new GetUserCommand({ UserName: '<&"\'>\u0001é' })),
    );

    expect(failure.message).toContain(`Value '${Value}' at 'tags.1.member.value'`);
    expect(unknown.code).toBe('ValidationError');
  });
});

describe('an error', () => {
  it.each([
    ['an unknown operation', 'Action=CreateRole&Version=2010-05-08', 'CreateRole for version 2010-05-08'],
    ['an unknown version', 'Action=GetUser&Version=2011-06-15', 'GetUser for version 2011-06-15'],
    ['no version', 'Action=GetUser', 'GetUser for version NO_VERSION_SPECIFIED'],
    ['a name of objects', 'Action=constructor&Version=2010-05-08', 'constructor for version 2010-05-08'],
  ])('reports %s', async (_case, body, operation) => {
    const answer = await post(body);

    expect(answer.status).toBe(400);
    expect(answer.text).toMatch(
      new RegExp(
        `^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender</Type><Code>InvalidAction</Code><Message>` +
          `Could not find operation ${operation}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>$`,
      ),
    );
  });

  it.each(['', 'Version=2010-05-08'])('reports a missing action in "%s"', async (body) => {
    const answer = await post(body);

    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<Code>MissingAction</Code>');
  });

  it('demands a signature from unsigned requests', async () => {
    const answer = await rawFetch(aws.endpoint, 'GET', '/?Action=ListUsers&Version=2010-05-08');

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<Code>MissingAuthenticationToken</Code>');
  });

  it('escapes what it echoes', async () => {
    const wanted = '</Message>&amp;<x y="z">';
    const status = encodeURIComponent(wanted);

    const answer = await post(`Action=ListVirtualMFADevices&Version=2010-05-08&AssignmentStatus=${status}`);

    expect(answer.text).toContain(
      'Value &apos;&lt;/Message&gt;&amp;amp;&lt;x y=&quot;z&quot;&gt;&apos; at &apos;assignmentStatus&apos;',
    );
  });

  it('refuses a signature for the other service', async () => {
    const answer = await post('Action=ListUsers&Version=2010-05-08', { service: 'sts' });

    expect(answer.status).toBe(403);
    expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  it('refuses a body that was changed after signing', async () => {
    const scope = { service: 'iam', region: 'us-east-1', date: new Date() };
    const body = 'Action=GetUser&Version=2010-05-08&UserName=bob';
    const signed = signedRequest(aws.endpoint, keyOf('admin'), 'POST', '/', body, form, scope);

    const answer = await rawFetch(aws.endpoint, 'POST', '/', signed.headers, body.replace('bob', 'ann'));

    expect(answer.text).toContain('<Code>SignatureDoesNotMatch</Code>');
  });

  it('refuses a body over one mebibyte', async () => {
    const answer = await rawFetch(aws.endpoint, 'POST', '/', form, 'x'.repeat(1024 * 1024 + 1));

    expect(answer.status).toBe(413);
    expect(answer.text).toContain('<Code>RequestEntityTooLarge</Code>');
  });

  it('ignores a body that is not a form, and unknown parameters', async () => {
    const json = await post('Action=GetUser&Version=2010-05-08', {
      headers: { 'Content-Type': 'text/plain' },
    });
    const unknown = await post('Action=GetUser&Version=2010-05-08&Colour=blue&Tags.member.x=1');

    expect(json.text).toContain('<Code>MissingAction</Code>');
    expect(unknown.status).toBe(200);
  });
});

describe('a bug in the local AWS itself', () => {
  it('is answered without detail and reported to its operator', async () => {
    const broken = new Error('secret detail');
    aws.account.users.get = () => {
      throw broken;
    };

    const answer = await post('Action=GetUser&Version=2010-05-08&UserName=bob');

    expect(answer.status).toBe(500);
    expect(answer.text).toContain('<Type>Receiver</Type><Code>InternalFailure</Code>');
    expect(answer.text).not.toContain('secret detail');
    expect(aws.errors).toEqual([broken]);
  });
});

describe('parameters', () => {
  async function refusalOf(body: string, service = 'iam') {
    const { status, text } = await post(body, { service });
    const [, code, message] = /<Code>(.*)<\/Code><Message>(.*)<\/Message>/.exec(text) ?? [];
    return { status, code, message: message?.replaceAll('&apos;', "'") };
  }

  it.each([
    [
      'a missing one',
      'Action=DeleteVirtualMFADevice',
      "1 validation error detected: Value null at 'serialNumber' failed to satisfy constraint: Member must not be null",
    ],
    [
      'every failure',
      'Action=EnableMFADevice&UserName=a&SerialNumber=short&AuthenticationCode1=1',
      "3 validation errors detected: Value 'short' at 'serialNumber' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 9; Value at 'authenticationCode1' failed to satisfy " +
        "constraint: Member must have length greater than or equal to 6; Value null at 'authenticationCode2' failed " +
        'to satisfy constraint: Member must not be null',
    ],
    [
      'a value outside its set',
      'Action=ListVirtualMFADevices&AssignmentStatus=Some',
      "1 validation error detected: Value 'Some' at 'assignmentStatus' failed to satisfy constraint: " +
        'Member must satisfy enum value set: [Assigned, Unassigned, Any]',
    ],
    [
      'MaxItems 0',
      'Action=ListUsers&MaxItems=0',
      "1 validation error detected: Value '0' at 'maxItems' failed to satisfy constraint: " +
        'Member must have value greater than or equal to 1',
    ],
    [
      'MaxItems 1001',
      'Action=ListMFADevices&MaxItems=1001',
      "1 validation error detected: Value '1001' at 'maxItems' failed to satisfy constraint: " +
        'Member must have value less than or equal to 1000',
    ],
    [
      'a marker that is too long',
      `Action=ListUsers&Marker=${'x'.repeat(321)}`,
      `1 validation error detected: Value '${'x'.repeat(321)}' at 'marker' failed to satisfy constraint: ` +
        'Member must have length less than or equal to 320',
    ],
    [
      'a non-numeric code, without echoing it',
      'Action=ResyncMFADevice&UserName=a&SerialNumber=GAHT00000001&AuthenticationCode1=12345x&AuthenticationCode2=123456',
      "1 validation error detected: Value at 'authenticationCode1' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\d]+',
    ],
    [
      'a bad user name',
      'Action=GetUser&UserName=a/b',
      'The specified value for userName is invalid. It must contain only alphanumeric characters and/or the following: +=,.@_-',
    ],
    [
      'a tag without key',
      'Action=TagMFADevice&SerialNumber=GAHT00000001&Tags.member.1.Value=x',
      "1 validation error detected: Value null at 'tags.1.member.key' failed to satisfy constraint: " +
        'Member must not be null',
    ],
  ])('are refused in AWS’s words: %s', async (_case, body, message) => {
    const refusal = await refusalOf(`${body}&Version=2010-05-08`);

    expect(refusal).toEqual({ status: 400, code: 'ValidationError', message });
  });

  it('must be numbers where numbers are expected', async () => {
    const refusal = await refusalOf('Action=ListUsers&MaxItems=ten&Version=2010-05-08');

    expect(refusal).toMatchObject({ status: 400, code: 'MalformedInput' });
  });
});

describe('faults', () => {
  const list = () => aws.iam(keyOf('bob')).send(new ListMFADevicesCommand({}));

  it.each([
    ['Throttling', 400],
    ['ServiceFailure', 500],
    ['ConcurrentModification', 409],
    ['EntityTemporarilyUnmodifiable', 409],
  ])('make the next calls fail with %s', async (error, status) => {
    aws.faults.put({ operation: 'ListMFADevices', error, times: 2 });

    const failures = [await failureOf(list()), await failureOf(list())];

    expect(failures.map((failure) => [failure.code, failure.status])).toEqual([
      [error, status],
      [error, status],
    ]);
    await expect(list()).resolves.toBeDefined();
  });

  it('affect only their operation, and are cleared by 0 times', async () => {
    aws.faults.put({ operation: 'ListMFADevices', error: 'ServiceFailure', times: 5 });
    const other = aws.iam(keyOf('bob')).send(new GetUserCommand({}));
    await expect(other).resolves.toBeDefined();

    aws.faults.put({ operation: 'ListMFADevices', times: 0 });

    await expect(list()).resolves.toBeDefined();
  });

  it('drop a delayed call whose client has gone', async () => {
    aws.faults.put({ operation: 'TagMFADevice', delayMs: 100, times: 1 });
    const tag = new TagMFADeviceCommand({
      SerialNumber: bobsPhone.SerialNumber,
      Tags: [{ Key: 'late', Value: '' }],
    });

    await expect(
      aws.iam(keyOf('admin')).send(tag, { abortSignal: AbortSignal.timeout(20) }),
    ).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 150));

    expect(aws.account.devices.get(bobsPhone.SerialNumber).tags.map(({ Key }) => Key)).not.toContain('late');
  });

  const tag = (key: string) => {
    const Tags = [{ Key: key, Value: '' }];
    return new TagMFADeviceCommand({ SerialNumber: bobsPhone.SerialNumber, Tags });
  };
  const tags = () => aws.account.devices.get(bobsPhone.SerialNumber).tags.map(({ Key }) => Key);

  it('lose the answer of a call that had its effect', async () => {
    aws.faults.put({ operation: 'TagMFADevice', error: 'lost-answer', times: 1 });

    const sent = aws.iam(keyOf('admin')).send(tag('unanswered'));

    await expect(sent).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(tags()).toContain('unanswered');
  });

  it('lose the answer to a call that is refused, too', async () => {
    aws.faults.put({ operation: 'TagMFADevice', error: 'lost-answer', times: 1 });

    await expect(aws.iam(keyOf('ann')).send(tag('refused'))).rejects.toMatchObject({ code: 'ECONNRESET' });

    expect(tags()).not.toContain('refused');
  });

  it('let a call whose answer is lost have its effect after its client has gone', async () => {
    aws.faults.put({ operation: 'TagMFADevice', error: 'lost-answer', delayMs: 100, times: 1 });

    const options = { abortSignal: AbortSignal.timeout(20) };
    await expect(aws.iam(keyOf('admin')).send(tag('later'), options)).rejects.toThrow();

    await expect.poll(tags).toContain('later');
  });

  it('make the SDK repeat a call that had its effect', async () => {
    aws.faults.put({ operation: 'CreateVirtualMFADevice', error: 'lost-answer', times: 1 });
    const options = { endpoint: aws.endpoint, region: 'us-east-1', credentials: keyOf('admin') };
    const create = new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'twice' });

    const failure = await failureOf(new IAMClient(options).send(create));

    expect(failure.code).toBe('EntityAlreadyExists');
  });

  it('lose a session', async () => {
    aws.faults.put({ operation: 'GetSessionToken', error: 'lost-answer', times: 1 });
    const ask = aws.sts(keyOf('bob')).send(new GetSessionTokenCommand());
    await expect(ask).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it('can delay, reset the connection or answer invalid XML', async () => {
    aws.faults.put({ operation: 'ListMFADevices', delayMs: 30, times: 1 });
    const before = performance.now();
    await list();
    const elapsed = performance.now() - before;
    aws.faults.put({ operation: 'ListMFADevices', error: 'connection-reset', times: 1 });
    const reset = await list().catch((error: NodeJS.ErrnoException) => error.code);
    aws.faults.put({ operation: 'ListMFADevices', error: 'malformed', times: 1 });
    const malformed = list();

    expect(elapsed).toBeGreaterThanOrEqual(29);
    expect(reset).toBe('ECONNRESET');
    await expect(malformed).rejects.toThrow();
  });

  it('are survived by the SDK’s retries', async () => {
    aws.faults.put({ operation: 'ListMFADevices', error: 'Throttling', times: 1 });
    const options = { endpoint: aws.endpoint, region: 'us-east-1', credentials: keyOf('bob') };

    await expect(new IAMClient(options).send(new ListMFADevicesCommand({}))).resolves.toBeDefined();
  });
});

describe('the trail', () => {
  it('shows who called what, and the result', async () => {
    await aws.sts(keyOf('bob')).send(new GetCallerIdentityCommand({}));
    await failureOf(aws.iam(keyOf('ann')).send(new ListVirtualMFADevicesCommand({})));
    await rawFetch(aws.endpoint, 'GET', '/?Action=ListUsers&Version=2010-05-08');

    const user = 'arn:aws:iam::123456789012:user';
    const common = { time: expect.any(Number), source: '127.0.0.1' };
    expect(aws.account.trail.events()).toEqual([
      { ...common, service: 'sts', operation: 'GetCallerIdentity', principalArn: `${user}/bob` },
      {
        ...common,
        service: 'iam',
        operation: 'ListVirtualMFADevices',
        principalArn: `${user}/ann`,
        errorCode: 'AccessDenied',
      },
      { ...common, service: 'iam', operation: 'ListUsers', errorCode: 'MissingAuthenticationToken' },
    ]);
  });

  it('holds no code, seed, secret or token', async () => {
    const codes = { AuthenticationCode1: '135790', AuthenticationCode2: '246813' };
    const input = { UserName: 'alice', SerialNumber: bobsPhone.SerialNumber, ...codes };
    await failureOf(aws.iam(keyOf('admin')).send(new EnableMFADeviceCommand(input)));
    const role = { RoleArn: 'arn:aws:iam::123456789012:role/mfa-agent', RoleSessionName: 'ann' };
    const { Credentials } = await aws.sts(keyOf('ann')).send(new AssumeRoleCommand(role));

    const trail = JSON.stringify(aws.account.trail.events());

    for (const secret of ['135790', '246813', bobsPhone.seed, Credentials?.SessionToken ?? '', 'local-']) {
      expect(trail).not.toContain(secret);
    }
  });

  it('keeps the latest 1,000 calls', () => {
    const event = { service: 'iam', operation: 'x', source: '' } as const;
    for (let time = 0; time < 2500; time++) aws.account.trail.record({ ...event, time });

    const events = aws.account.trail.events();

    expect(events.length).toBe(1000);
    expect([events[0]?.time, events.at(-1)?.time]).toEqual([1500, 2499]);
  });
});

describe('many clients at once', () => {
  it('each get the answer to their own request', async () => {
    const names = ['alice', 'bob', 'carol', 'dora', 'admin'];
    const ask = async (name: string) => {
      const { User } = await aws.iam(keyOf('admin')).send(new GetUserCommand({ UserName: name }));
      return User?.UserName;
    };
    const asked = Array.from({ length: 200 }, (_, index) => names[index % names.length] ?? '');

    const answers = await Promise.all(asked.map(ask));

    expect(answers).toEqual(asked);
  });
});
