import { fromBase64, isFresh, isSigned, type Verify } from './signature.ts';

/** Only one format, so that the end of the time cannot pass for the start of the body. */
const timePattern = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;

/**
 * A Zendesk webhook: the base64 of the HMAC-SHA256 of its time and body.
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
