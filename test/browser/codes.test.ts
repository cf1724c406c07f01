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

/** Goes to the step where two codes are entered. */
async function atCodes(page: Page): Promise<void> {
  await signIn(page, 'alice');
  await button(page, 'Show QR code').click();
  await heading(page, 'Set up phone');
}

/** Pastes from the clipboard. All test files share the browser's clipboard, so no other file can use it. */
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
  it('ask for a numeric keyboard and for one-time codes', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    for (const label of ['First code', 'Next code']) {
      const field = page.getByLabel(label);
      expect(await field.getAttribute('autocomplete')).toBe('one-time-code');
      expect(await field.getAttribute('inputmode')).toBe('numeric');
    }
  });

  it.each(['First code', 'Next code'])(
    'take both codes from one paste into the field "%s"',
    async (label) => {
      const { page } = await portal.visit();
      await atCodes(page);
      await paste(page, label, '123 456\n654 321');
      expect(await entered(page)).toEqual(['123456', '654321']);
      expect(await focused(page)).toBe('Next code');
    },
  );

  it('take a code pasted with a space, and move on to the next field', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    await paste(page, 'First code', '123 456');
    expect(await focused(page)).toBe('Next code');
    await page.getByRole('status').getByText('Now wait for the next code').waitFor();
    await page.keyboard.type('654321');
    expect(await page.getByText('Now wait for the next code').count()).toBe(0);
  });
});

it('count down to the next code, and say when it is there', async () => {
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
  await page.getByRole('status').getByText('There is a new code now').waitFor();
  expect(await left()).toBeGreaterThan(20);
});

describe('the key as text', () => {
  it('matches the QR code and can be copied', async () => {
    const { page } = await portal.visit();
    await atCodes(page);
    const seed = await seedOnScreen(page);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('I cannot scan it').click();
    expect((await page.locator('.seed').innerText()).replaceAll(' ', '')).toBe(seed);
    const link = await page.getByRole('link', { name: 'Open in an app' }).getAttribute('href');
    expect(new URL(link ?? '').searchParams.get('secret')).toBe(seed);
    await button(page, 'Copy key').click();
    await page.getByRole('status').getByText('The key has been copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(seed);
    await page.evaluate("navigator.clipboard.writeText('')");
  });

  it('must be copied by hand if the browser does not let the page do it', async () => {
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
  it('names devices by their labels, and returns to where it was needed', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'bob');
    await rename(page, 'Work phone');
    await page.getByRole('dialog').getByLabel('Code from phone').waitFor();
    await confirm(page, portal.code(bobsSeed));
    await page.getByRole('heading', { name: 'Work phone' }).waitFor();
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Your MFA devices');
    portal.stack.clock.advance(1000);
    await rename(page, 'Phone at work');
    await page.getByRole('dialog').getByLabel('Code from Work phone').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Save');
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Rename');
  });

  it('tells users without a device that shows codes what to do', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'dora');
    await page.getByText('Security key or passkey').waitFor();
    await button(page, 'Add a device').click();
    await button(page, 'Show QR code').click();
    await alert(page, 'none of your active devices shows codes');
    await button(page, 'Sign in again').click();
    await heading(page, 'Sign in');
  });

  it('removes nothing on an accidental key press', async () => {
    const { page, requests } = await portal.visit();
    await signIn(page, 'bob');
    await button(page, 'Remove').click();
    await page.getByRole('dialog').waitFor();
    const before = requests.length;
    await page.keyboard.press('Enter');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(requests).toHaveLength(before);
  });

  it('waits for a device that AWS does not know yet, and asks for a new code', async () => {
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
      .toContain('AWS did not know your new device yet. Enter the code it shows now.');
    await confirm(page, portal.code(seed));
    await news(page, 'The label has been saved');
  });
});
