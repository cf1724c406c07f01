import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { messages } from '../../clients/portal/src/messages.ts';
import {
  alert,
  bobsSeed,
  button,
  confirm,
  enterCodes,
  heading,
  news,
  rename,
  seedOnScreen,
  signIn,
  usePortal,
} from '../support/portal.ts';
import { type userKeys, userSession } from '../support/stack.ts';
import { staffSession } from '../support/staff.ts';

const portal = usePortal();

async function paste(page: Page, text: string): Promise<void> {
  await page.getByText('Paste credentials instead').click();
  await page.getByLabel('Key or session credentials').fill(text);
  await button(page, 'Sign in').click();
}

const asJson = ({ accessKeyId, secretAccessKey, sessionToken }: ReturnType<typeof userKeys>) =>
  JSON.stringify({ AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken });

/** Goes to the step where a first device shows its QR code. */
async function startFirst(page: Page): Promise<string> {
  await signIn(page, 'alice');
  await button(page, 'Show QR code').click();
  return seedOnScreen(page);
}

describe('signing in', () => {
  it.each([
    ['an unknown key', 'AKIALOCALNOBODY00001', 'secret', 'AWS does not accept this key'],
    ['a wrong secret', 'AKIALOCALALICE000001', 'secret', 'AWS does not accept this key'],
    [
      'a missing policy',
      'AKIALOCALANN00000001',
      'local-ann-secret',
      'belongs to another AWS account than this page',
    ],
  ])('with %s tells what to do', async (_, id, secret, told) => {
    const { page } = await portal.visit();
    await page.getByLabel('Access key ID').fill(id);
    await page.getByLabel('Secret access key').fill(secret);
    await button(page, 'Sign in').click();
    await alert(page, told);
  });

  it.each([
    ['', '', 'Enter the access key ID'],
    ['ASIALOCALALICE000001', 'x', 'needs its session token'],
    ['AKIALOCALALICE000001', '', 'Enter the secret access key'],
  ])('with "%s" and "%s" sends nothing, and leads to what is missing', async (id, secret, told) => {
    const { page, requests } = await portal.visit();
    await page.getByLabel('Access key ID').fill(id);
    await page.getByLabel('Secret access key').fill(secret);
    await button(page, 'Sign in').click();
    await page.getByText(told).waitFor();
    expect(
      await page
        .locator('[aria-invalid=true]')
        .first()
        .evaluate((input) => input.matches(':focus')),
    ).toBe(true);
    expect(requests).toHaveLength(1);
  });

  it('accepts a session with MFA, after which changes need no code', async () => {
    const { page } = await portal.visit();
    const keys = userSession(portal.stack, 'bob', { mfaAt: portal.stack.clock.now() });
    await paste(page, asJson(keys));
    await rename(page, 'Mine');
    await news(page, 'The label has been saved');
  });

  it('says that a session without MFA cannot change anything, and offers to sign in again', async () => {
    const { page } = await portal.visit();
    await paste(page, asJson(userSession(portal.stack, 'bob')));
    await button(page, 'Rename').click();
    await button(page, 'Save').click();
    await alert(page, 'These session credentials were obtained without MFA');
    await button(page, 'Sign in again').click();
    await heading(page, 'Sign in');
  });

  it('ends when the session does', async () => {
    const { page } = await portal.visit();
    await paste(page, asJson(userSession(portal.stack, 'bob', { durationSeconds: 900 })));
    await heading(page, 'Your MFA devices');
    portal.stack.clock.advance(1000);
    await button(page, 'Refresh').click();
    await heading(page, 'Sign in');
    await news(page, 'Your session has expired');
  });
});

it('explains problems in plain words in both languages, and lets the user try again', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'alice');
  const alertText = () => page.getByRole('alert').locator('p').innerText();
  const route = '**/v1/me/first-mfa-device';
  // The last of these adds a field to the form.
  for (const [code, key] of [
    ['busy', 'problem.busy'],
    ['newer-than-this-page', 'problem.other'],
    ['enrolment-pass-invalid', 'problem.enrolment-pass-invalid'],
  ] as const) {
    const json = { code, status: 400, detail: 'TECHNICAL', retryAfter: 7 };
    await page.route(route, (call) => call.fulfill({ status: 400, json }));
    await button(page, 'Show QR code').click();
    expect(await alertText()).toBe(messages[key].en.replace('{seconds}', '7'));
    await button(page, 'Deutsch').click();
    expect(await alertText()).toBe(messages[key].de.replace('{seconds}', '7'));
    await button(page, 'English').click();
    await page.unroute(route);
  }
  await page.getByLabel('Enrolment pass').waitFor();
});

describe('codes', () => {
  it('can be entered again if they are wrong', async () => {
    const { page } = await portal.visit();
    const seed = await startFirst(page);
    await enterCodes(page, { code1: '000000', code2: '000001' });
    await alert(page, 'AWS did not accept the codes');
    expect(await page.getByLabel('First code').inputValue()).toBe('');
    await enterCodes(page, portal.codes(seed));
    await news(page, 'phone is active');
  });

  it.each([
    ['12', '123456', 'A code has six digits'],
    ['123456', '123456', 'This is the first code again'],
  ])('%s and %s are not sent', async (code1, code2, told) => {
    const { page, requests } = await portal.visit();
    await startFirst(page);
    const before = requests.length;
    await enterCodes(page, { code1, code2 });
    await page.getByText(told).waitFor();
    expect(requests).toHaveLength(before);
  });

  it('of a step-up are asked for again if they are wrong, until the user gives up', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await button(page, 'Rename').click();
    await button(page, 'Save').click();
    await confirm(page, '000000');
    await alert(page, 'AWS did not accept the code');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog', { name: 'Rename phone' }).waitFor();
    expect(await page.getByRole('dialog').count()).toBe(1);
    expect(await page.getByRole('alert').allInnerTexts()).not.toContain('');
  });

  it('are asked for again once the session with MFA is too old', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await rename(page, 'one');
    await confirm(page, portal.code(bobsSeed));
    await page.getByRole('heading', { name: 'one', exact: true }).waitFor();
    portal.stack.clock.advance(1000);
    await rename(page, 'two');
    await confirm(page, portal.code(bobsSeed));
    await page.getByRole('heading', { name: 'two', exact: true }).waitFor();
  }, 60_000);
});

describe('a change', () => {
  it('is not made if it is given up while its code is being checked', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await rename(page, 'Mine');
    portal.stack.faults.put({ operation: 'GetSessionToken', delayMs: 1500, times: 1 });
    await confirm(page, portal.code(bobsSeed));
    const operations = () => portal.stack.account.trail.events().map(({ operation }) => operation);
    const stepUp = page.getByRole('dialog', { name: 'Confirm it’s you' });
    await stepUp.getByRole('button', { name: 'Cancel' }).click();
    await stepUp.waitFor({ state: 'detached' });
    await expect.poll(operations).toContain('GetSessionToken');
    // The form is unchanged, and a second attempt asks for a code again.
    await button(page, 'Save').click();
    await stepUp.waitFor();
    expect(operations()).not.toContain('TagMFADevice');
  });
});

describe('a second tab', () => {
  it('needs its own sign-in, and its changes show up in the first', async () => {
    const { page } = await portal.visit({});
    await startFirst(page);
    const { page: other } = await portal.visitIn(await page.context().newPage());
    await heading(other, 'Sign in');
    await signIn(other, 'alice');
    await button(other, 'New QR code').click();
    await button(other, 'Show QR code').click();
    await enterCodes(other, portal.codes(await seedOnScreen(other)));
    await news(other, 'phone is active');
    await page.bringToFront();
    await button(page, 'Cancel').click();
    await page.locator('.state', { hasText: 'Active' }).waitFor();
  }, 60_000);

  it('that has enrolled a first device stops the other from enrolling another', async () => {
    const { page } = await portal.visit({});
    const seed = await startFirst(page);
    const { page: other } = await portal.visitIn(await page.context().newPage());
    await signIn(other, 'alice');
    await button(other, 'Add a device').click();
    await button(other, 'Show QR code').click();
    await enterCodes(other, portal.codes(await seedOnScreen(other)));
    await news(other, 'phone-2 is active');
    await enterCodes(page, portal.codes(seed));
    await alert(page, 'You already have an active device, perhaps set up in another tab');
  }, 60_000);
});

describe('the connection', () => {
  it('may be lost: input stays and can be sent again', async () => {
    const { page } = await portal.visit();
    const seed = await startFirst(page);
    await page.context().setOffline(true);
    const codes = portal.codes(seed);
    await enterCodes(page, codes);
    await alert(page, 'The service cannot be reached');
    expect(await page.getByLabel('First code').inputValue()).toBe(codes.code1);
    await page.context().setOffline(false);
    await button(page, 'Activate device').click();
    await news(page, 'phone is active');
  });

  it('may be slow: the page says so, and sends nothing twice', async () => {
    const { page, requests } = await portal.visit({});
    await page.clock.install();
    await signIn(page, 'alice');
    await heading(page, 'Set up your first MFA device');
    let answer = () => {};
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/v1/me/first-mfa-device', async (route) => {
      await held;
      await route.continue();
    });
    await button(page, 'Show QR code').click();
    await page.getByText('Working').waitFor();
    await page.keyboard.press('Enter');
    await page.clock.fastForward(5000);
    await page.getByText('This is taking longer than usual').waitFor();
    answer();
    await seedOnScreen(page);
    expect(requests.filter((url) => url.endsWith('/v1/me/first-mfa-device'))).toHaveLength(1);
  });
});

describe('a list that loads slowly', () => {
  /** Holds the list back until released. */
  async function hold(page: Page): Promise<() => void> {
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    await page.route('**/v1/me/mfa-devices', async (route) => {
      await held;
      await route.continue();
    });
    return letGo;
  }

  it('is announced', async () => {
    const { page } = await portal.visit();
    const letGo = await hold(page);
    await signIn(page, 'bob');
    await news(page, 'Loading');
    letGo();
    await heading(page, 'Your MFA devices');
    expect(await page.locator('.news').innerText()).toBe('');
  });

  it('does not pull back a user who has moved on', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await heading(page, 'Your MFA devices');
    const letGo = await hold(page);
    const answered = page.waitForResponse('**/v1/me/mfa-devices/phone');
    await button(page, 'Refresh').click();
    await button(page, 'Add a device').click();
    await page.getByLabel('Device name').fill('tablet');
    letGo();
    await answered;
    await news(page, 'The list is up to date');
    expect(await page.getByLabel('Device name').inputValue()).toBe('tablet');
  });
});

it('shows a pending recovery, and objects to it', async () => {
  const { page } = await portal.visit();
  const ann = await staffSession(portal.stack, 'ann');
  const asked = await portal.stack.fetch(ann, 'POST', '/v1/recoveries', {
    ticket: { system: 'servicenow', id: 'INC1' },
    userName: 'bob',
    reason: 'lost',
  });
  expect(asked.status).toBe(201);
  await signIn(page, 'bob');
  await page.getByText('ann requested this').waitFor();
  await button(page, 'I object').click();
  await page.getByText('You objected').waitFor();
  const { id } = asked.json();
  const seen = await portal.stack.fetch(ann, 'GET', `/v1/recoveries/${id}`);
  expect(seen.json().state).toBe('objected');
});

it('objects to a recovery that is approved and not begun', async () => {
  const { page } = await portal.visit();
  const [ann, pat] = await Promise.all(['ann', 'pat'].map((name) => staffSession(portal.stack, name)));
  if (!ann || !pat) throw new Error('The local AWS has no staff.');
  const ticket = { system: 'servicenow', id: 'INC2' };
  const asked = await portal.stack.fetch(ann, 'POST', '/v1/recoveries', {
    ticket,
    userName: 'bob',
    reason: 'lost',
  });
  portal.stack.faults.put({ operation: 'Invoke', error: 'ServiceException', times: 9 });
  const path = `/v1/recoveries/${asked.json().id}`;
  expect((await portal.stack.fetch(pat, 'PUT', `${path}/approval`)).json().state).toBe('approved');
  await signIn(page, 'bob');
  await page.getByText('This has been approved').waitFor();
  await button(page, 'I object').click();
  await page.getByText('You objected').waitFor();
  const seen = await portal.stack.fetch(ann, 'GET', path);
  expect(seen.json().state).toBe('objected');
});
