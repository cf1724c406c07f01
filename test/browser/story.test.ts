import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { button, confirm, enterCodes, heading, seedOnScreen, signIn, usePortal } from '../support/portal.ts';
import { userKeys } from '../support/stack.ts';

const portal = usePortal();

const told = (page: Page, text: string) => page.locator('.news', { hasText: text }).waitFor();

it('leads a new user from the first device to the last change, and leaves nothing behind', async () => {
  const { page, requests } = await portal.visit();
  await signIn(page, 'alice');

  await heading(page, 'Set up your first MFA device');
  await button(page, 'Show QR code').click();
  const first = await seedOnScreen(page);
  await enterCodes(page, portal.codes(first));
  await told(page, 'phone is active');

  portal.stack.clock.advance(60);
  await button(page, 'Add a device').click();
  await page.getByLabel('Name of the device').fill('tablet');
  await button(page, 'Show QR code').click();
  await confirm(page, portal.code(first));
  const second = await seedOnScreen(page);
  await enterCodes(page, portal.codes(second));
  await told(page, 'tablet is active');

  const tablet = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'tablet' }) });
  await tablet.getByRole('button', { name: 'Rename' }).click();
  await page.getByLabel('What you call it').fill('The old tablet');
  await button(page, 'Save').click();
  await told(page, 'The label is saved');
  await page.getByRole('heading', { name: 'The old tablet' }).waitFor();

  const old = page
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: 'The old tablet' }) });
  await old.getByRole('button', { name: 'Edit tags' }).click();
  await button(page, 'Add a tag').click();
  await page.getByLabel('Key').fill('room');
  await page.getByLabel('Value').fill('12');
  await button(page, 'Save').click();
  await old.getByText('room: 12').waitFor();

  await old.getByRole('button', { name: 'Replace' }).click();
  await heading(page, 'Replace The old tablet');
  await button(page, 'Show QR code').click();
  const third = await seedOnScreen(page);
  await enterCodes(page, portal.codes(third));
  await told(page, 'phone-2 is active, and The old tablet is removed');
  expect(await page.locator('.card h2').allInnerTexts()).toEqual(['phone', 'phone-2']);

  portal.stack.clock.advance(60);
  const newest = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'phone-2' }) });
  await newest.getByRole('button', { name: 'Resynchronise' }).click();
  await enterCodes(page, portal.codes(third));
  await told(page, 'phone-2 is in step again');

  await newest.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await told(page, 'phone-2 is removed');

  await button(page, 'Remove').click();
  await page.getByText('This is your last active device').waitFor();
  await button(page, 'Remove anyway').click();
  await page.getByRole('alert').getByText('so it stays').waitFor();
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

it('forgets the key when the user signs out, and when he leaves', async () => {
  const { page } = await portal.visit();
  await signIn(page, 'bob');
  await heading(page, 'Your MFA devices');
  await button(page, 'Sign out').click();
  await told(page, 'You are signed out');
  expect(
    await page.locator('input').evaluateAll((inputs) => inputs.map((input) => Object(input).value)),
  ).toEqual(['', '']);

  await signIn(page, 'bob');
  await heading(page, 'Your MFA devices');
  await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))");
  await heading(page, 'Sign in');
  expect(await page.locator('body').innerText()).not.toContain('phone');
}, 60_000);

it('takes both codes from one paste, and does without a mouse', async () => {
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
  await told(page, 'phone is active');
}, 60_000);
