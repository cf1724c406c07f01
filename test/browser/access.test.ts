import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { button, faults, heading, overflow, seedOnScreen, signIn, usePortal } from '../support/portal.ts';
import { staffSession } from '../support/staff.ts';

const portal = usePortal();

/** Bytes of the whole page as browsers get it. */
const budget = 60_000;

async function askForBobsDevices(): Promise<void> {
  const ann = await staffSession(portal.stack, 'ann');
  const ticket = { system: 'servicenow', id: 'INC1' };
  await portal.stack.fetch(ann, 'POST', '/v1/recoveries', { ticket, userName: 'bob', reason: 'lost' });
}

const openDialog = (name: string) => async (page: Page) => {
  await signIn(page, 'bob');
  await button(page, name).click();
  await page.getByRole('dialog').waitFor();
};

/** How to get to each view. */
const views: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'sign in': (page) => heading(page, 'Sign in'),
  'sign in with a fault': async (page) => {
    await page.getByText('Paste credentials instead').click();
    await button(page, 'Sign in').click();
  },
  'first enrolment': async (page) => {
    await signIn(page, 'alice');
    await button(page, 'Show QR code').waitFor();
  },
  'QR code and codes': async (page) => {
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    await seedOnScreen(page);
    await page.getByText('I cannot scan it').click();
  },
  'a pending device': async (page) => {
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    await seedOnScreen(page);
    await button(page, 'Cancel').click();
    await heading(page, 'Your MFA devices');
  },
  devices: async (page) => {
    await askForBobsDevices();
    await signIn(page, 'bob');
    await page.getByText('ann asked for it').waitFor();
  },
  replace: async (page) => {
    await signIn(page, 'bob');
    await button(page, 'Replace').click();
    await heading(page, 'Replace phone');
  },
  resync: openDialog('Resynchronise'),
  rename: openDialog('Rename'),
  tags: async (page) => {
    await openDialog('Edit tags')(page);
    await button(page, 'Add a tag').click();
  },
  remove: openDialog('Remove'),
  'step-up': async (page) => {
    await openDialog('Rename')(page);
    await button(page, 'Save').click();
    await page.getByRole('dialog', { name: 'Confirm that it is you' }).waitFor();
  },
};

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  it.each(Object.keys(views))(
    'the view "%s" has no faults that axe finds, and fits into 320 pixels',
    async (view) => {
      const { page } = await portal.visit({
        colorScheme,
        reducedMotion: 'reduce',
        viewport: { width: 320, height: 640 },
      });
      await views[view]?.(page);
      expect(await faults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
    },
  );
});

describe('the language', () => {
  it('is German where the browser asks for it', async () => {
    const { page } = await portal.visit({ locale: 'de-CH' });
    await heading(page, 'Anmelden');
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await page.title()).toBe('Anmelden – MFA-Geräte');
    expect(await faults(page)).toEqual([]);
  });

  it('can be changed at any time, without losing what was entered', async () => {
    const { page } = await portal.visit({ viewport: { width: 320, height: 640 } });
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    await page.getByLabel('First code').fill('123456');
    await button(page, 'Deutsch').click();
    await heading(page, 'phone abschließen');
    expect(await page.getByLabel('Erster Code').inputValue()).toBe('123456');
    expect(await overflow(page)).toBe(0);
    await button(page, 'English').click();
    await heading(page, 'Finish phone');
  });
});

it('is served with a policy that lets nothing else run, and is small', async () => {
  const answer = await fetch(`${portal.stack.apiUrl}/`);
  const policy = answer.headers.get('content-security-policy') ?? '';
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
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
  expect(gzipSync(await answer.text()).length).toBeLessThanOrEqual(budget);
});
