import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { portalAssets } from '../../clients/portal/assets.ts';
import { close, listen } from '../../local-aws/servers.ts';
import { portalPage } from '../../shared/http/pages/portal.ts';
import {
  alert,
  button,
  enterCodes,
  heading,
  news,
  seedOnScreen,
  signIn,
  usePortal,
} from '../support/portal.ts';
import { userKeys } from '../support/stack.ts';

const portal = usePortal();

/** Bytes of the whole page as served. */
const budget = 60_000;

/** Set if injected script ran. */
const script = '<img src=x onerror="owned=1"><script>owned=1</script>';

const me = {
  userName: script,
  userArn: 'arn:aws:iam::123456789012:user/bob',
  accountId: '123456789012',
  mfa: { active: 1, pending: 0 },
  stsEndpoint: 'https://sts.us-east-1.amazonaws.com',
  serverTime: new Date().toISOString(),
  stepUpMaxAgeSeconds: 900,
};

const device = {
  id: 'phone',
  name: script,
  kind: 'virtual',
  serialNumber: 'arn:aws:iam::123456789012:mfa/self-service/bob/phone',
  status: 'active',
  enabledAt: new Date().toISOString(),
};

const recovery = {
  id: 'a'.repeat(26),
  state: 'requested',
  ticket: { system: script, id: script, url: 'javascript:owned=1' },
  userName: 'bob',
  reason: 'lost',
  requestedBy: script,
  requestedAt: new Date().toISOString(),
  approvals: [],
  approvalsNeeded: 1,
  expiresAt: new Date().toISOString(),
  devices: [{ ...device, enabledAt: device.enabledAt }],
};

/** Makes the API give this answer to calls with this path ending. */
const answer = (page: Page, path: string, json: unknown, status = 200) =>
  page.route(`**/v1/${path}`, (route) =>
    route.fulfill({
      status,
      json,
      contentType: status < 400 ? 'application/json' : 'application/problem+json',
    }),
  );

async function isUnharmed(page: Page): Promise<void> {
  expect(await page.evaluate("'owned' in globalThis")).toBe(false);
  expect(await page.locator('img:not(.qr), #page script, a[href^="javascript:"]').count()).toBe(0);
}

describe('text from others', () => {
  it('is shown as plain text: names, labels, tags and tickets', async () => {
    const { page } = await portal.visit();
    await answer(page, 'me', me);
    await answer(page, 'me/mfa-devices', { items: [device] });
    await answer(page, 'me/mfa-devices/phone', { ...device, label: script, tags: { [script]: script } });
    await answer(page, 'me/recoveries', { items: [recovery] });
    await signIn(page, 'bob');
    await page.getByRole('heading', { level: 2, name: script }).waitFor();
    expect(await page.locator('.tags li').allInnerTexts()).toEqual([`${script}: ${script}`]);
    await isUnharmed(page);
    for (const name of ['Replace', 'Resynchronise', 'Rename', 'Edit tags', 'Remove']) {
      await button(page, name).click();
      await isUnharmed(page);
      await button(page, 'Cancel').click();
    }
  });

  it('is not shown at all in problems, except for the request id', async () => {
    const { page } = await portal.visit();
    const problem = {
      code: 'upstream-failed',
      status: 502,
      title: script,
      detail: script,
      requestId: script,
    };
    await answer(page, 'me', problem, 502);
    await signIn(page, 'bob');
    await alert(page, 'AWS reported an error');
    expect(await page.getByRole('alert').innerText()).toContain(`Request ${script}`);
    await isUnharmed(page);
  });

  it('never becomes a link, not even for the authenticator app', async () => {
    const { page } = await portal.visit();
    await answer(page, 'me/first-mfa-device', {
      ...device,
      status: 'pending',
      base32Seed: script,
      otpauthUri: 'javascript:owned=1',
      qrCode: 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" onload="owned=1"/>',
      expiresAt: device.enabledAt,
      tags: {},
    });
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    await page.getByText('I cannot scan it').click();
    await button(page, 'Copy key').waitFor();
    expect(await page.locator('a').count()).toBe(0);
    await isUnharmed(page);
  });
});

it('is served with a policy that blocks all other code, and is small', async () => {
  const { headers, ...served } = await fetch(`${portal.stack.apiUrl}/`).then(async (got) => ({
    headers: Object.fromEntries(got.headers),
    text: await got.text(),
  }));
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-type': 'text/html; charset=utf-8',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
  });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy.replaceAll(/'sha256-[^']+'/g, 'HASH').split('; ')).toEqual([
    "default-src 'none'",
    'script-src HASH',
    'style-src HASH',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ]);
  expect(gzipSync(served.text).length).toBeLessThanOrEqual(budget);
});

it.each([
  ['an event handler attribute', `document.body.setAttribute('onclick', 'owned=1'); document.body.click()`],
  [
    'an injected script',
    `const one = document.createElement('script'); one.append('owned=1'); document.head.append(one)`,
  ],
  ['injected HTML', `document.querySelector('main').innerHTML = '<b>owned</b>'`],
  ['evaluated text', `setTimeout('owned=1'); new Function('owned=1')()`],
  ['a request to another origin', `await fetch('https://example.com/', { mode: 'no-cors' }); owned=1`],
  [
    'an image from another origin',
    `document.body.append(Object.assign(new Image(), { src: 'https://example.com/owned', onload: () => { owned=1 } }))`,
  ],
])('does not let run or send %s, even if it had got into the page', async (_, attack) => {
  const page = await portal.newPage();
  const reached: string[] = [];
  await page.route('https://example.com/**', (route) => {
    reached.push(route.request().url());
    return route.fulfill({ body: 'owned', contentType: 'text/html' });
  });
  await page.goto(`${portal.stack.apiUrl}/`);
  await page.evaluate(`(async () => { ${attack} })().catch(() => {})`);
  await heading(page, 'Sign in');
  expect(await page.evaluate("'owned' in globalThis")).toBe(false);
  expect(await page.locator('main b').count()).toBe(0);
  expect(reached).toEqual([]);
  await page.context().close();
});

it('cannot be framed, and has no link to the page that opened it', async () => {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<iframe src="${portal.stack.apiUrl}/"></iframe>`);
  });
  const url = await listen(server, 0, 'PORT');
  const page = await portal.newPage();
  try {
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(url);
    await refused;
    const [opened] = await Promise.all([
      page.waitForEvent('popup'),
      page.evaluate(`void open('${portal.stack.apiUrl}/')`),
    ]);
    await heading(opened, 'Sign in');
    expect(await opened.evaluate('opener')).toBeNull();
  } finally {
    await page.context().close();
    await close(server);
  }
});

const partsIn = (content: string, parts: readonly string[]) => parts.filter((part) => content.includes(part));

describe('the page', () => {
  /** Everything in the page, including the values of its fields. */
  const contentOf = async (page: Page): Promise<string> =>
    String(
      await page.evaluate(
        `document.title + document.querySelector('#page').outerHTML + [...document.querySelectorAll('input, textarea')].map(({ value }) => value)`,
      ),
    );

  it('keeps nothing of the secret key once the user is signed in', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await heading(page, 'Your MFA devices');
    expect(partsIn(await contentOf(page), [userKeys('bob').secretAccessKey])).toEqual([]);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await news(page, 'You are signed out');
    expect(partsIn(await contentOf(page), [userKeys('bob').accessKeyId])).toEqual([]);
  });

  it.each(['Activate device', 'Cancel'])('keeps nothing of the seed after "%s"', async (end) => {
    const { page } = await portal.visit();
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    const seed = await seedOnScreen(page);
    const groups = seed.slice(0, 9).replace(/(.{4})/g, '$1 ');
    expect(partsIn(await contentOf(page), [groups])).toEqual([groups]);
    if (end === 'Cancel') await button(page, end).click();
    else await enterCodes(page, portal.codes(seed));
    await heading(page, 'Your MFA devices');
    const left = await contentOf(page);
    expect(partsIn(left, [seed, groups, 'otpauth:', 'data:image/png'])).toEqual([]);
  });

  it('keeps no input if the user leaves before signing in', async () => {
    const { page } = await portal.visit();
    await page.getByLabel('Access key ID').fill('AKIALOCALBOB00000001');
    await page.getByLabel('Secret access key').fill('local-bob-secret');
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
    expect(partsIn(await contentOf(page), ['local-bob-secret'])).toEqual([]);
  });

  it('asks browsers to save neither the key nor codes', async () => {
    const { page } = await portal.visit();
    await page.getByText('Paste credentials instead').click();
    const kept = await page
      .locator('input, textarea')
      .evaluateAll((all) => all.map((one) => [one.getAttribute('autocomplete'), one.getAttribute('name')]));
    expect(kept).toEqual([
      ['off', null],
      ['off', null],
      ['off', null],
    ]);
    expect(await page.getByLabel('Secret access key').getAttribute('type')).toBe('password');
  });
});

describe('served', () => {
  it.each([
    ['under its stage', 'https://id.execute-api.eu-central-1.amazonaws.com/prod/', '/prod'],
    [
      'under its stage without a trailing slash',
      'https://id.execute-api.eu-central-1.amazonaws.com/prod',
      '/prod',
    ],
    ['under a custom domain', 'https://mfa.example.com/', ''],
    ['under a base path of a custom domain', 'https://example.com/mfa/', '/mfa'],
    ['under a custom domain mapped without a stage', 'https://mfa.example.com/prod', '/prod'],
    ['under a base path mapped without a stage', 'https://example.com/mfa/prod/', '/mfa/prod'],
  ])('%s, the page calls the API there, signed for its Region', async (_, url, base) => {
    const page = await portal.newPage();
    const { origin } = new URL(url);
    const { content, headers } = portalPage(portalAssets, 'eu-central-1');
    const signed: string[] = [];
    await page.route(`${origin}/**`, (route) => {
      const request = route.request();
      if (request.url() === url) {
        return route.fulfill({ body: content, contentType: 'text/html; charset=utf-8', headers });
      }
      signed.push(`${request.url()} ${request.headers()['authorization']}`);
      return route.fulfill({ json: me });
    });
    await portal.visitIn(page, url);
    await signIn(page, 'bob');
    await expect.poll(() => signed.length).toBeGreaterThan(0);
    expect(signed[0]).toContain(`${origin}${base}/v1/me `);
    expect(signed[0]).toContain('/eu-central-1/execute-api/aws4_request');
  });
});
