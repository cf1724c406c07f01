import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failureOf, keyOf, type LocalAws, policy, startLocalAws } from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const simple = (Body: object) => ({ Simple: { Subject: { Data: 'Grüße' }, Body } });

const send = (input: Partial<SendEmailCommandInput> = {}, user = 'admin') =>
  aws.ses(keyOf(user)).send(
    new SendEmailCommand({
      FromEmailAddress: 'Shop <shop@example.com>',
      Destination: { ToAddresses: ['bob@example.org'] },
      Content: simple({ Text: { Data: 'Hello Bob' } }),
      ...input,
    }),
  );

describe('a mail', () => {
  it('is kept', async () => {
    const { MessageId } = await send({
      ReplyToAddresses: ['desk@example.com'],
      Content: simple({ Text: { Data: 'Hello' }, Html: { Data: '<p>Hello' } }),
    });
    expect(MessageId).toMatch(/^0100[\da-f-]{36}-000000$/);
    expect(aws.mailbox.mails).toEqual([
      {
        messageId: MessageId,
        time: expect.stringMatching(/^\d{4}-.*Z$/),
        from: 'Shop <shop@example.com>',
        to: ['bob@example.org'],
        cc: [],
        bcc: [],
        replyTo: ['desk@example.com'],
        subject: 'Grüße',
        text: 'Hello',
        html: '<p>Hello',
      },
    ]);
  });

  it.each(['shop@example.org', 'shop@example.com.evil.org', 'Shop <shop@notexample.com>'])(
    'from an unverified sender is rejected: %s',
    async (FromEmailAddress) => {
      const failure = await failureOf(send({ FromEmailAddress }));
      expect(failure).toMatchObject({ status: 400, code: 'MessageRejected' });
      expect(failure.message).toContain('failed the check in region US-EAST-1: shop@');
      expect(aws.mailbox.mails).toEqual([]);
    },
  );

  it.each([
    [{ FromEmailAddress: undefined }],
    [{ FromEmailAddress: 'shop@example.com\r\nBcc: all@example.org' }],
    [{ FromEmailAddress: 'Shop\r\nBcc: all@example.org <shop@example.com>' }],
    [{ Destination: {} }],
    [{ Destination: { ToAddresses: ['bob'] } }],
    [{ Destination: { ToAddresses: Array(51).fill('bob@example.org') } }],
    [{ Content: simple({}) }],
    [{ Content: { Raw: { Data: Buffer.from('x') } } }],
  ])('that cannot be sent is refused: %j', async (input) => {
    expect(await failureOf(send(input))).toMatchObject({ status: 400, code: 'BadRequestException' });
    expect(aws.mailbox.mails).toEqual([]);
  });
});

describe('a policy', () => {
  const allow = (condition: object, resource = '*') =>
    aws.iam(keyOf('admin')).send(
      new PutUserPolicyCommand({
        UserName: 'ann',
        PolicyName: 'mail',
        PolicyDocument: policy('ses:SendEmail', resource, { Condition: condition }),
      }),
    );

  it('must allow the default configuration set of a sender that has one', async () => {
    await allow({}, 'arn:aws:ses:us-east-1:123456789012:identity/*');
    await expect(send({}, 'ann')).resolves.toBeDefined();
    const refused = await failureOf(send({ FromEmailAddress: 'mfa@example.com' }, 'ann'));
    expect(refused).toMatchObject({ code: 'AccessDeniedException' });
    expect(refused.message).toContain('configuration-set/default');
  });

  it('can require the sender', async () => {
    await allow({ StringEquals: { 'ses:FromAddress': 'shop@example.com' } });
    await expect(send({}, 'ann')).resolves.toBeDefined();
    const other = await failureOf(send({ FromEmailAddress: 'boss@example.com' }, 'ann'));
    expect(other.code).toBe('AccessDeniedException');
  });

  it('can require all recipients', async () => {
    await allow({ 'ForAllValues:StringLike': { 'ses:Recipients': '*@example.org' } });
    await expect(send({}, 'ann')).resolves.toBeDefined();
    const Destination = { ToAddresses: ['bob@example.org'], BccAddresses: ['spy@example.net'] };
    expect((await failureOf(send({ Destination }, 'ann'))).code).toBe('AccessDeniedException');
  });
});
