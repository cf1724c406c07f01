import { fromBase64, isFresh, isSigned, type Verify } from './signature.ts';

/** Written in one way only, so that no end of the time can pass for the beginning of the body. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/**
 * A webhook of Zendesk: the base64 of the HMAC-SHA256 of its time and its body.
 * Source: developer.zendesk.com, Verifying webhook authenticity.
 */
export const verifyZendeskWebhook: Verify = ({ header, body }, keys, now) => {
  const timestamp = header('x-zendesk-webhook-signature-timestamp') ?? '';
  const given = fromBase64(header('x-zendesk-webhook-signature') ?? '');
  return (
    timePattern.test(timestamp) &&
    isSigned(given, keys, timestamp, body) &&
    isFresh(Date.parse(timestamp), now)
  );
};
