import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Mailer } from '../notices/ports.ts';
import { clientSettings } from './client.ts';
import { toProblem } from './errors.ts';
import { instrumentedClient } from './instrument.ts';

let client: SESv2Client | undefined;

/** Sends plain text by SES from an address that it knows as verified. */
export function mailer(sender: string, signal: AbortSignal): Mailer {
  client ??= instrumentedClient(new SESv2Client(clientSettings));
  const ses = client;
  return {
    send: async ({ to, subject, text }) => {
      const Content = { Simple: { Subject: utf8(subject), Body: { Text: utf8(text) } } };
      const command = new SendEmailCommand({
        FromEmailAddress: sender,
        Destination: { ToAddresses: [to] },
        Content,
      });
      try {
        await ses.send(command, { abortSignal: signal });
      } catch (error) {
        throw toProblem(error);
      }
    },
  };
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
