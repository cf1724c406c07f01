import * as z from 'zod';
import { AwsError } from '../aws-error.ts';
import { parseInput, readJson } from '../json-input.ts';
import { addressOf, isAddress, type Mailbox } from '../mailbox.ts';
import type { RestOperation } from '../protocols/rest-protocol.ts';

const maxRecipients = 50;

const addresses = z.array(z.string()).nullish();
const content = z.object({ Data: z.string(), Charset: z.string().nullish() });
const simple = z.object({
  Subject: content,
  Body: z.object({ Text: content.nullish(), Html: content.nullish() }),
});

const inputSchema = z.object({
  FromEmailAddress: z.string().nullish(),
  Destination: z
    .object({ ToAddresses: addresses, CcAddresses: addresses, BccAddresses: addresses })
    .nullish(),
  ReplyToAddresses: addresses,
  Content: z.object({ Simple: simple.nullish() }),
});

type Input = z.output<typeof inputSchema>;

/** SES v2: SendEmail with simple content. Unlike in the SES sandbox, recipients need not be verified. */
export function mailOperations(mailbox: Mailbox): readonly RestOperation[] {
  return [
    {
      service: 'ses',
      name: 'SendEmail',
      method: 'POST',
      path: /^\/v2\/email\/outbound-emails$/,
      prepare({ body }) {
        const mail = mailOf(parseInput(inputSchema, readJson(body), 'BadRequestException'));
        const sender = addressOf(mail.from);
        const context = {
          'ses:FromAddress': sender,
          'ses:Recipients': [...mail.to, ...mail.cc, ...mail.bcc].map(addressOf),
          'ses:ApiVersion': '2',
        };
        const resources = [mailbox.identityOf(sender), ...mailbox.configurationSetsOf(sender)];
        return {
          permissions: resources.map((resource) => ({ action: 'ses:SendEmail', resource, context })),
          run: () => ({ status: 200, body: JSON.stringify({ MessageId: mailbox.send(mail) }) }),
        };
      },
    },
  ];
}

function mailOf({ FromEmailAddress, Destination, ReplyToAddresses, Content }: Input) {
  if (!Content.Simple) throw badRequest('Only simple content is supported here.');
  const { Subject, Body } = Content.Simple;
  const mail = {
    from: FromEmailAddress ?? '',
    to: Destination?.ToAddresses ?? [],
    cc: Destination?.CcAddresses ?? [],
    bcc: Destination?.BccAddresses ?? [],
    replyTo: ReplyToAddresses ?? [],
    subject: Subject.Data,
    ...(Body.Text && { text: Body.Text.Data }),
    ...(Body.Html && { html: Body.Html.Data }),
  };
  const recipients = [...mail.to, ...mail.cc, ...mail.bcc];
  if (recipients.length === 0) throw badRequest('Destination is required.');
  if (recipients.length > maxRecipients) throw badRequest(`Recipient count exceeds ${maxRecipients}.`);
  const invalid = [mail.from, ...recipients, ...mail.replyTo].some((address) => !isAddress(address));
  if (invalid) throw badRequest('Missing or invalid email address.');
  if (mail.text === undefined && mail.html === undefined) throw badRequest('Missing body.');
  return mail;
}

function badRequest(message: string): AwsError {
  return new AwsError('BadRequestException', message);
}
