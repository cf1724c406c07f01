import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import {
  alert,
  bobsSeed,
  button,
  confirm,
  heading,
  news,
  rename,
  seedOnScreen,
  signIn,
  usePortal,
} from '../support/portal.ts';

const portal = usePortal();

/** At the step where two codes are entered. */
async function atCodes(page: Page): Promise<void> {
  await signIn(page, 'alice');
  await button(page, 'Show QR code').click();
  await heading(page, 'Set up phone');
}

/** As a person does, with the clipboard: the browser has one for all test files, so that no other file may use it. */
async function paste(page: Page, label: string, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((copied) => Object(navigator).clipboard.writeText(copied), text);
  await page.getByLabel(label).focus();
  await page.keyboard.press('Control+V');
}

const entered = async (page: Page) => [
  await page.getByLabel('First code').inputValue(),
  await page.getByLabel('Next code').inputValue(),
];

const focused = (page: Page) => page.evaluate('document.activeElement.labels?.[0]?.textContent');

describe('the fields for codes', () => {
  it('ask for the keyboard of digits and for one-time codes', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    for (const label of ['First code', 'Next code']) {
      const field = page.getByLabel(label);
      expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
      expect(await field.getAttribute('inputmode')).toBe('numeric');
    }
  });

  it.each(['First code', 'Next code'])('take both from one paste into the field "%s"', async (label) => {
    const { page } = await portal.visit();
    await atCodes(page);
    await paste(page, label, '123 456\n654 321');
    expect(await entered(page)).toEqual(['123456', '654321']);
    expect(await focused(page)).toBe('Next code');
  });

  it('take one that is pasted with a space, and lead on to the next', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    await paste(page, 'First code', '123 456');
    expect(await focused(page)).toBe('Next code');
    await page.getByRole('status').getByText('Now wait for the next code').waitFor();
    await page.keyboard.type('654321');
    expect(await page.getByText('Now wait for the next code').count()).toBe(0);
  });
});

it('counts down to the next code, and says when it is there', async () => {
  const { page } = await portal.visit({});
  const start = Math.floor(Date.now() / 30_000) * 30_000;
  await page.clock.install({ time: start + 20_000 });
  await page.route('**/v1/me', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({
      response: answer,
      json: { ...(await answer.json()), serverTime: new Date(start + 20_000).toISOString() },
    });
  });
  await atCodes(page);
  const left = async () => Number(/\d+/.exec(await page.getByRole('timer').innerText())?.[0]);
  const before = await left();
  expect(before).toBeLessThanOrEqual(10);
  await page.getByLabel('First code').fill('123456');
  await page.getByText('Now wait for the next code').waitFor();
  await page.clock.runFor((before + 1) * 1000);
  await page.getByRole('status').getByText('A new code is showing').waitFor();
  expect(await left()).toBeGreaterThan(20);
});

describe('the key as text', () => {
  it('is what the QR code has, and can be copied', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    const seed = await seedOnScreen(page);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('I cannot scan it').click();
    expect((await page.locator('.seed').innerText()).replaceAll(' ', '')).toBe(seed);
    const link = await page.getByRole('link', { name: 'Open in an app' }).getAttribute('href');
    expect(new URL(link ?? '').searchParams.get('secret')).toBe(seed);
    await button(page, 'Copy key').click();
    await page.getByRole('status').getByText('The key is in the clipboard').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(seed);
    await page.evaluate("navigator.clipboard.writeText('')");
  });

  it('is to be copied by hand where the browser does not let the page', async () => {
    const { page } = await portal.visit({ permissions: [] });
    await page.addInitScript(
      'Object.defineProperty(navigator.clipboard, "writeText", { value: () => Promise.reject(new Error()) })',
    );
    await page.reload();
    await atCodes(page);
    await page.getByText('I cannot scan it').click();
    await button(page, 'Copy key').click();
    await page.getByText('Select the key and copy it yourself').waitFor();
  });
});

describe('the step-up', () => {
  it('names devices as their owner does, and goes back to where it was asked for', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await rename(page, 'Work phone');
    await page.getByRole('dialog').getByLabel('Code of phone').waitFor();
    await confirm(page, portal.code(bobsSeed));
    await page.getByRole('heading', { name: 'Work phone' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Your MFA devices');
    portal.stack.clock.advance(1000);
    await rename(page, 'Phone at work');
    await page.getByRole('dialog').getByLabel('Code of Work phone').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Save');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Rename');
  });

  it('tells who has nothing that shows codes what to do', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'dora');
    await page.getByText('Security key or passkey').waitFor();
    await button(page, 'Add a device').click();
    await button(page, 'Show QR code').click();
    await alert(page, 'none of your active devices shows codes');
    await button(page, 'Sign in again').click();
    await heading(page, 'Sign in');
  });

  it('lets a key pressed too soon remove nothing', async () => {
    const { page, requests } = await portal.visit();
    await signIn(page, 'bob');
    await button(page, 'Remove').click();
    await page.getByRole('dialog').waitFor();
    const before = requests.length;
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(requests).toHaveLength(before);
  });

  it('of a device that AWS does not know yet waits for it, and asks for a fresh code', async () => {
    const { page } = await portal.visit({});
    await atCodes(page);
    const seed = await seedOnScreen(page);
    const { code1, code2 } = portal.codes(seed);
    await page.clock.install();
    await page.getByLabel('First code').fill(code1);
    await page.getByLabel('Next code').fill(code2);
    await page.keyboard.press('Enter');
    await news(page, 'phone is active');
    await button(page, 'Rename').click();
    await button(page, 'Save').click();
    const refused = page.waitForResponse('**/v1/me/sessions');
    await confirm(page, portal.code(seed));
    expect((await refused).status()).toBe(409);
    portal.stack.clock.advance(60);
    await expect
      .poll(async () => {
        await page.clock.runFor(1000);
        return page.getByRole('alert').allInnerTexts();
      })
      .toContain('AWS did not know your new device yet. Enter the code that it shows now.');
    await confirm(page, portal.code(seed));
    await news(page, 'The label is saved');
  });
});
