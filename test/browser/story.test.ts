import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import {
  alert,
  bobsSeed,
  button,
  confirm,
  enterCodes,
  heading,
  news,
  seedOnScreen,
  signIn,
  usePortal,
} from '../support/portal.ts';
import { userKeys } from '../support/stack.ts';
import { staffSession } from '../support/staff.ts';

const portal = usePortal();

/** The hardware token in the seeded account, which no one has enabled. */
const token = { serialNumber: 'GAHT00000001', seed: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ' };

/** A device in the list. */
const card = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name }) });

/** Removes bob's lost phone by a recovery, and returns the pass an approver hands to them. */
async function passForBob(): Promise<string> {
  const { stack } = portal;
  const [ann, pat] = [await staffSession(stack, 'ann'), await staffSession(stack, 'pat')];
  const asked = await stack.fetch(ann, 'POST', '/v1/recoveries', {
    ticket: { system: 'servicenow', id: 'INC1' },
    userName: 'bob',
    reason: 'lost',
  });
  const path = `/v1/recoveries/${asked.json().id}`;
  await stack.fetch(pat, 'PUT', `${path}/approval`);
  await expect.poll(async () => (await stack.fetch(pat, 'GET', path)).json().state).toBe('executed');
  return (await stack.fetch(pat, 'POST', `${path}/enrolment-pass`)).json().enrolmentPass;
}

it('takes a new user from the first device to the last change, and leaves nothing behind', async () => {
  const { page, requests } = await portal.visit({});
  await signIn(page, 'alice');

  await heading(page, 'Set up your first MFA device');
  await page.getByText('alice, account 123456789012').waitFor();
  await button(page, 'Show QR code').click();
  const first = await seedOnScreen(page);
  await enterCodes(page, portal.codes(first));
  await news(page, 'phone is active');

  portal.stack.clock.advance(60);
  await button(page, 'Add a device').click();
  await page.getByLabel('Device name').fill('tablet');
  await page.getByText('Add a label').click();
  await page.getByLabel('Label (optional)').fill('My tablet');
  await button(page, 'Show QR code').click();
  await confirm(page, portal.code(first));
  const second = await seedOnScreen(page);
  await enterCodes(page, portal.codes(second));
  await news(page, 'My tablet is active');

  const tablet = card(page, 'My tablet');
  await tablet.getByText('Name: tablet').waitFor();
  await tablet.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('Label').fill('The old tablet');
  await button(page, 'Save').click();
  await news(page, 'The label has been saved');
  await page.getByRole('heading', { name: 'The old tablet' }).waitFor();

  const old = card(page, 'The old tablet');
  await old.getByRole('button', { name: 'Edit tags' }).click();
  await button(page, 'Add a tag').click();
  await page.getByLabel('Key').fill('room');
  await page.getByLabel('Value').fill('12');
  await button(page, 'Save').click();
  await old.getByText('room: 12').waitFor();

  await old.getByRole('button', { name: 'Replace' }).click();
  await heading(page, 'Replace The old tablet');
  expect(await page.getByLabel('Label (optional)').inputValue()).toBe('The old tablet');
  await page.getByLabel('Label (optional)').fill('');
  await button(page, 'Show QR code').click();
  const third = await seedOnScreen(page);
  await enterCodes(page, portal.codes(third));
  await news(page, 'phone-2 is active, and The old tablet has been removed');
  expect(await page.locator('.card h2').allInnerTexts()).toEqual(['phone', 'phone-2']);

  portal.stack.clock.advance(60);
  const newest = card(page, 'phone-2');
  await newest.getByRole('button', { name: 'Resynchronise' }).click();
  await enterCodes(page, portal.codes(third));
  await news(page, 'phone-2 is in sync again');

  await newest.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await news(page, 'phone-2 has been removed');

  await button(page, 'Remove').click();
  await page.getByText('This is your last active device').waitFor();
  await button(page, 'Remove anyway').click();
  await page.getByRole('alert').getByText('so it cannot be removed').waitFor();
  await button(page, 'Replace it').click();
  await heading(page, 'Replace phone');

  expect(new Set(requests.map((url) => new URL(url).origin))).toEqual(new Set([portal.stack.apiUrl]));
  const kept = await page.evaluate(
    `JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, location.href, history.length, history.state])`,
  );
  expect(kept).toBe(JSON.stringify([{}, {}, '', `${portal.stack.apiUrl}/`, 2, null]));
  const secrets = [first, second, third, userKeys('alice').secretAccessKey];
  expect(requests.filter((url) => secrets.some((secret) => url.includes(secret)))).toEqual([]);
  expect(await page.evaluate('indexedDB.databases().then((all) => all.length)')).toBe(0);
}, 120_000);

it('forgets the key when the user signs out or leaves', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'bob');
  await heading(page, 'Your MFA devices');
  await button(page, 'Sign out').click();
  await news(page, 'You are signed out');
  expect(
    await page.locator('input').evaluateAll((inputs) => inputs.map((input) => Object(input).value)),
  ).toEqual(['', '']);

  await signIn(page, 'bob');
  await heading(page, 'Your MFA devices');
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
  await heading(page, 'Sign in');
  expect(await page.locator('body').innerText()).not.toContain('phone');
}, 60_000);

it('enables a hardware token by its serial number, as a further device', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'bob');
  await button(page, 'Add a device').click();
  await button(page, 'I have a hardware token').click();
  await heading(page, 'Add a hardware token');
  await page.getByLabel('Serial number').fill('GAHT 99999999');
  await enterCodes(page, portal.codes(token.seed));
  await confirm(page, portal.code(bobsSeed));
  await alert(page, 'AWS does not know a token with this serial number');
  await page.getByLabel('Serial number').fill('GAHT 00000001');
  await enterCodes(page, { code1: '000000', code2: '000001' });
  await alert(page, 'AWS did not accept the codes');
  await enterCodes(page, portal.codes(token.seed));
  await news(page, `${token.serialNumber} is active`);
  await card(page, token.serialNumber).getByText('Hardware token').waitFor();
});

it('tells a new user that a hardware token can only be the second device', async () => {
  const { page, requests } = await portal.visit();
  await signIn(page, 'alice');
  await heading(page, 'Set up your first MFA device');
  const before = requests.length;
  const told = page.getByText('A token can be your second device');
  expect(await told.isVisible()).toBe(false);
  await page.getByText('I have a hardware token').click();
  await told.waitFor();
  expect(requests).toHaveLength(before);
});

it('tells a user who resynchronised their only device until when devices cannot be changed', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'bob');
  await button(page, 'Resynchronise').click();
  await enterCodes(page, portal.codes(bobsSeed));
  await news(
    page,
    'phone is in sync again. This needed no MFA, so you can add, replace and remove devices only',
  );

  portal.stack.clock.advance(60);
  await button(page, 'Add a device').click();
  await button(page, 'Show QR code').click();
  await confirm(page, portal.code(bobsSeed));
  await alert(page, 'Your device was resynchronised without MFA');
}, 60_000);

it('asks a user who lost their device for the enrolment pass, and says what to do about a wrong one', async () => {
  const pass = await passForBob();
  const { page } = await portal.visit();
  await signIn(page, 'bob');
  await button(page, 'Show QR code').waitFor();
  expect(await page.getByLabel('Enrolment pass').isVisible()).toBe(false);
  await button(page, 'Show QR code').click();
  await page.getByRole('alert').getByText('You need an enrolment pass').waitFor();
  await button(page, 'Show QR code').click();
  await page.getByText('Enter the enrolment pass').waitFor();
  await page.getByLabel('Enrolment pass').fill(pass.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')));
  await button(page, 'Show QR code').click();
  await page.getByRole('alert').getByText('This pass is not valid').waitFor();
  await page.getByLabel('Enrolment pass').fill(pass.slice(1));
  await button(page, 'Show QR code').click();
  await page.getByText('A pass has six groups of four').waitFor();
  await page.getByLabel('Enrolment pass').fill(pass.toUpperCase().replaceAll('-', ' '));
  await button(page, 'Show QR code').click();
  await enterCodes(page, portal.codes(await seedOnScreen(page)));
  await page.locator('.news', { hasText: 'phone is active' }).waitFor();
}, 60_000);

it('keeps the label of a pending device that gets a new QR code', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'alice');
  await page.getByText('Add a label').click();
  await page.getByLabel('Label (optional)').fill('Work phone');
  await button(page, 'Show QR code').click();
  const first = await seedOnScreen(page);
  await button(page, 'Cancel').click();
  await button(page, 'New QR code').click();
  await button(page, 'Show QR code').click();
  await heading(page, 'Set up Work phone');
  const second = await seedOnScreen(page);
  expect(second).not.toBe(first);
  await enterCodes(page, portal.codes(second));
  await news(page, 'Work phone is active');
});

it('takes both codes from one paste, and works without a mouse', async () => {
  const { page } = await portal.visit();
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(
        'document.activeElement.textContent || document.activeElement.labels?.[0]?.textContent',
      );
      if (focused === name) return;
    }
    throw new Error(`Tab leads to no ${name}`);
  };
  const { accessKeyId, secretAccessKey } = userKeys('alice');
  await tabTo('Access key ID');
  await page.keyboard.type(accessKeyId);
  await tabTo('Secret access key');
  await page.keyboard.type(secretAccessKey);
  await page.keyboard.press('Enter');
  await heading(page, 'Set up your first MFA device');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Set up your first MFA device');
  await tabTo('Show QR code');
  await page.keyboard.press('Enter');
  const { code1, code2 } = portal.codes(await seedOnScreen(page));
  await tabTo('First code');
  await page.keyboard.insertText(`${code1} ${code2}`);
  expect(await page.getByLabel('First code').inputValue()).toBe(code1);
  expect(await page.getByLabel('Next code').inputValue()).toBe(code2);
  await page.keyboard.press('Enter');
  await news(page, 'phone is active');
}, 60_000);
