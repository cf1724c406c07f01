import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyJiraWebhook } from '../../../shared/ticketing/jira-webhook.ts';
import { keyOf } from '../../../shared/ticketing/signature.ts';
import { standardWebhookHeaders, verifyStandardWebhook } from '../../../shared/ticketing/standard-webhook.ts';
import { verifyZendeskWebhook } from '../../../shared/ticketing/zendesk-webhook.ts';
import { jiraSigner, signers, standardSigner, webhook, zendeskSigner } from '../../support/webhooks.ts';

const now = Date.parse('2026-11-24T08:00:00Z');
const secret = 'a-secret-of-more-than-16-bytes';
const keys = [Buffer.from(secret)];
const content = { userName: 'bob', evidence: 'Größe ✓ 木' };
const verifiers = {
  standard: verifyStandardWebhook,
  jira: verifyJiraWebhook,
  zendesk: verifyZendeskWebhook,
};

/** The text with one character changed, and not just in case. */
const flip = (text: string, index: number) =>
  text.slice(0, index) + (/a/i.test(text.charAt(index)) ? 'B' : 'A') + text.slice(index + 1);

describe.each(signers)('a webhook signed as $system does', ({ system, sign, body }) => {
  const verify = verifiers[system];
  const text = body(content, now);
  const headers = sign(text, secret, now);

  it('is trusted, whatever characters its body has', () => {
    expect(verify(webhook(headers, text), keys, now)).toBe(true);
  });

  it('is trusted with any of the valid secrets', () => {
    const rotating = [Buffer.from('another-secret-of-16-bytes'), ...keys];
    expect(verify(webhook(headers, text), rotating, now)).toBe(true);
  });

  it.each([
    ['by another key', () => sign(text, `${secret}!`, now)],
    ['by no one', () => ({})],
    ['in headers that are empty', () => Object.fromEntries(Object.keys(headers).map((name) => [name, '']))],
  ])('is not trusted if signed %s', (_how, make) => {
    expect(verify(webhook(make(), text), keys, now)).toBe(false);
  });

  it.each(Object.keys(headers))('is not trusted without %s', (name) => {
    const { [name]: _left, ...others } = headers;
    expect(verify(webhook(others, text), keys, now)).toBe(false);
  });

  it.each(Object.keys(headers))('is not trusted with any one character of %s changed', (name) => {
    const value = headers[name] ?? '';
    for (let index = 0; index < value.length; index += 1) {
      const changed = { ...headers, [name]: flip(value, index) };
      expect(verify(webhook(changed, text), keys, now), changed[name]).toBe(false);
    }
  });

  it('is not trusted with any one byte of its body changed', () => {
    const bytes = Buffer.from(text);
    for (const index of bytes.keys()) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(verify(webhook(headers, changed), keys, now)).toBe(false);
    }
  });

  it.each([
    ['just in time', -300_000, true],
    ['late', -301_000, false],
    ['from a clock that is a little fast', 300_000, true],
    ['from the future', 301_000, false],
    ['from long ago', -now, false],
  ])('is judged by its time: %s', (_what, offset, trusted) => {
    const at = now + offset;
    const timed = body(content, at);
    expect(verify(webhook(sign(timed, secret, at), timed), keys, now)).toBe(trusted);
  });

  it.each([
    ['an empty one', ''],
    ['one that could be guessed', 'short'],
  ])('is not trusted with a useless secret: %s', (_what, weak) => {
    const signed = webhook(sign(text, weak, now), text);
    expect(verify(signed, [Buffer.from(weak)], now)).toBe(false);
    expect(verify(signed, [], now)).toBe(false);
  });

  it('is refused without throwing, whatever its headers and body are', () => {
    const names = Object.keys(headers);
    const anything = fc.record(
      Object.fromEntries(names.map((name) => [name, fc.string({ unit: 'binary', maxLength: 100 })])),
    );
    fc.assert(
      fc.property(anything, fc.uint8Array({ maxLength: 200 }), (some, bytes) => {
        expect(verify(webhook(some, Buffer.from(bytes)), keys, now)).toBe(false);
      }),
    );
  });
});

describe('Standard Webhooks', () => {
  const text = standardSigner.body(content, now);
  const headers = standardSigner.sign(text, secret, now);
  const signature = headers['webhook-signature'];
  const verify = (changed: object) =>
    verifyStandardWebhook(webhook({ ...headers, ...changed }, text), keys, now);

  it('match the example of their specification', () => {
    const example = {
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    };
    const key = keyOf('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    const signed = webhook(example, '{"test": 2432232314}');
    expect(verifyStandardWebhook(signed, [key], 1_614_265_330_000)).toBe(true);
  });

  it.each([
    ['among others', `v1,${'A'.repeat(43)}= ${signature}`, true],
    ['beside one of an unknown version', `v1a,${'A'.repeat(86)}== ${signature}`, true],
    ['of another version', signature?.replace('v1,', 'v2,'), false],
    ['of the asymmetric version', signature?.replace('v1,', 'v1a,'), false],
    ['without its version', signature?.slice(3), false],
    ['shortened', signature?.slice(0, -5), false],
    ['behind too many', `${'v1,x '.repeat(8)}${signature}`, false],
  ])('need a v1 signature: %s', (_where, value, trusted) => {
    expect(verify({ 'webhook-signature': value })).toBe(trusted);
  });

  it.each([
    ['a dot in its id', { 'webhook-id': 'msg.1' }],
    ['a time that is no number of seconds', { 'webhook-timestamp': '2026-11-24T08:00:00Z' }],
    ['a time with a sign', { 'webhook-timestamp': `+${headers['webhook-timestamp']}` }],
  ])('have no %s, even if the signature is right', (_what, changed) => {
    const all: Record<string, string> = { ...headers, ...changed };
    const signed = standardSigner.sign(text, secret, now, all['webhook-id']);
    const forged = { ...all, 'webhook-signature': signed['webhook-signature'] ?? '' };
    expect(verifyStandardWebhook(webhook(forged, text), keys, now)).toBe(false);
  });

  it('have signatures in base64, not base64url', () => {
    const ids = Array.from({ length: 50 }, (_, index) => `msg_${index}`);
    const all = ids.map((id): Record<string, string> => ({ ...standardSigner.sign(text, secret, now, id) }));
    const withPlus = all.filter((some) => some['webhook-signature']?.includes('+'));
    expect(withPlus.length).toBeGreaterThan(0);
    for (const some of withPlus) {
      const url = some['webhook-signature']?.replaceAll('+', '-').replaceAll('/', '_') ?? '';
      expect(verifyStandardWebhook(webhook(some, text), keys, now)).toBe(true);
      expect(verifyStandardWebhook(webhook({ ...some, 'webhook-signature': url }, text), keys, now)).toBe(
        false,
      );
    }
  });

  it('are sent as others send them, with a signature for each key', () => {
    const sent = standardWebhookHeaders(
      'msg_1',
      text,
      [...keys, Buffer.from('the-secret-before-this-one')],
      now,
    );
    expect(sent['webhook-signature']?.split(' ')[0]).toBe(signature);
    expect(verifyStandardWebhook(webhook(sent, text), keys, now)).toBe(true);
  });
});

describe('a Jira webhook', () => {
  const text = jiraSigner.body(content, now);
  const signature = jiraSigner.sign(text, secret, now)['X-Hub-Signature'] ?? '';

  it.each([
    ['capital digits', `sha256=${signature.slice(7).toUpperCase()}`, true],
    ['another method', signature.replace('sha256', 'sha1'), false],
    ['no method', signature.slice(7), false],
  ])('can have a signature with %s: %s', (_what, value, trusted) => {
    expect(verifyJiraWebhook(webhook({ 'x-hub-signature': value }, text), keys, now)).toBe(trusted);
  });

  it.each([
    ['no time', '{}'],
    ['a time that is text', JSON.stringify({ timestamp: String(now) })],
    ['a time in seconds', JSON.stringify({ timestamp: now / 1000 })],
    ['null for a body', 'null'],
    ['a body that is no JSON', `timestamp=${now}`],
  ])('is not trusted with %s, even if the signature is right', (_what, body) => {
    expect(verifyJiraWebhook(webhook(jiraSigner.sign(body, secret, now), body), keys, now)).toBe(false);
  });
});

describe('a Zendesk webhook', () => {
  it('signs the time and then the body with the secret verbatim, base64 or not', () => {
    const headers = {
      'x-zendesk-webhook-signature': 'Rry/4TtIdFyawtXXp8QdI6tlAUUQ/5kL1OTp5qo/ZIk=',
      'x-zendesk-webhook-signature-timestamp': '2021-07-25T10:00:00Z',
    };
    const key = keyOf('HRkRd4BeOAoUkfZr-mhauJT64rvBASlJRoIyPsd3zeA=');
    const signed = webhook(headers, '{"say": "hello"}');
    expect(verifyZendeskWebhook(signed, [key], Date.parse('2021-07-25T10:01:00Z'))).toBe(true);
  });

  it.each([
    '2026-11-24T08:00:00+00:00',
    '2026-11-24 08:00:00Z',
    '24 Nov 2026 08:00:00 GMT',
    '2026-11-24T08:00Z',
  ])('has a time in no other format: %s', (time) => {
    const text = zendeskSigner.body(content, now);
    const signature = createHmac('sha256', secret).update(time).update(text).digest('base64');
    const headers = {
      'X-Zendesk-Webhook-Signature': signature,
      'X-Zendesk-Webhook-Signature-Timestamp': time,
    };
    expect(Date.parse(time)).toBe(now);
    expect(verifyZendeskWebhook(webhook(headers, text), keys, now)).toBe(false);
  });
});

describe('a secret', () => {
  it.each([
    ['whsec_ and base64', 'whsec_bG9jYWwtdGlja2V0aW5nLXNlY3JldA==', 'local-ticketing-secret'],
    ['any other text as it is', 'local-ticketing-secret', 'local-ticketing-secret'],
    ['base64 alone as it is', 'bG9jYWw=', 'bG9jYWw='],
    ['whsec_ and what is no base64 as it is', 'whsec_not base64', 'whsec_not base64'],
  ])('stands for a key: %s', (_what, text, key) => {
    expect(keyOf(text).toString()).toBe(key);
  });
});
