import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import type { Mailer } from '../notices/ports.ts';
import { awsCall } from './aws-call.ts';
import { onceClient } from './once-client.ts';

const ses = onceClient(SESv2Client);

/** Sends plain text by SES, from an address or domain verified there. */
export const mailer = (sender: string, signal: AbortSignal): Mailer => ({
  send: async ({ to, subject, text }) => {
    const command = new SendEmailCommand({
      FromEmailAddress: sender,
      Destination: { ToAddresses: [to] },
      Content: { Simple: { Subject: utf8(subject), Body: { Text: utf8(text) } } },
    });
    await awsCall(() => ses().send(command, { abortSignal: signal }));
  },
});

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
