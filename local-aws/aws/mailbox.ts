import { randomUUID } from 'node:crypto';
import type { LocalClock } from '../clock.ts';
import { RingBuffer } from '../ring-buffer.ts';
import { AwsError } from './aws-error.ts';
import { isoSeconds } from './xml.ts';

export interface Mail {
  readonly messageId: string;
  readonly time: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
}

/** The verified domain: only its addresses may send. */
/** The sender whose identity has a default configuration set. */
const withConfigurationSet = 'mfa@example.com';

const verifiedDomain = 'example.com';

/** The mails that SES has sent. */
export class Mailbox {
  readonly #clock: LocalClock;
  readonly #arnPrefix: string;
  readonly #region: string;
  readonly #mails = new RingBuffer<Mail>();

  constructor({
    clock,
    accountId,
    region,
  }: { readonly clock: LocalClock; readonly accountId: string; readonly region: string }) {
    this.#clock = clock;
    this.#region = region;
    this.#arnPrefix = `arn:aws:ses:${region}:${accountId}:`;
  }

  get mails(): readonly Mail[] {
    return this.#mails.all;
  }

  /** The ARN of the identity that a permission to send from an address applies to. */
  identityOf(address: string): string {
    return `${this.#arnPrefix}identity/${isVerified(address) ? verifiedDomain : address}`;
  }

  /** What SES authorises besides: the default configuration set, which the console offers for new identities. */
  configurationSetsOf(address: string): readonly string[] {
    return address === withConfigurationSet ? [`${this.#arnPrefix}configuration-set/default`] : [];
  }

  /** Records a mail and returns its id. Throws MessageRejected if the sender is not verified. */
  send(mail: Omit<Mail, 'messageId' | 'time'>): string {
    const sender = addressOf(mail.from);
    if (!isVerified(sender)) {
      throw new AwsError(
        'MessageRejected',
        'Email address is not verified. The following identities failed the check in region ' +
          `${this.#region.toUpperCase()}: ${sender}`,
      );
    }
    const messageId = `0100${randomUUID()}-000000`;
    this.#mails.add({ messageId, time: isoSeconds(this.#clock.now()), ...mail });
    return messageId;
  }

  clear(): void {
    this.#mails.clear();
  }
}

/** The bare address of `Name <address>`. */
export function addressOf(mailbox: string): string {
  return (/<([^<>]*)>\s*$/.exec(mailbox)?.[1] ?? mailbox).trim();
}

/** Whether this is an address, without line breaks that would start another header. */
export function isAddress(mailbox: string): boolean {
  return !/[\r\n]/.test(mailbox) && /^[^\s@<>]+@[^\s@<>]+$/.test(addressOf(mailbox));
}

function isVerified(address: string): boolean {
  return address.toLowerCase().endsWith(`@${verifiedDomain}`);
}
