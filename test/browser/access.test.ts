import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { productTags } from '../../shared/devices/tags.ts';
import {
  alert,
  bobsSeed,
  button,
  faults,
  heading,
  overflow,
  seedOnScreen,
  signIn,
  usePortal,
} from '../support/portal.ts';
import { staffSession } from '../support/staff.ts';

const portal = usePortal();

async function askForBobsDevices(): Promise<void> {
  const ann = await staffSession(portal.stack, 'ann');
  const ticket = { system: 'servicenow', id: 'INC1' };
  await portal.stack.fetch(ann, 'POST', '/v1/recoveries', { ticket, userName: 'bob', reason: 'lost' });
}

/** Gives bob more devices, one of them with long text. */
function establishDevices(count: number): void {
  const { account, clock } = portal.stack;
  const bob = account.users.get('bob');
  for (let index = 0; index < count; index += 1) {
    const long = index === 0;
    const serial = `arn:aws:iam::${account.accountId}:mfa/self-service/bob/${long ? 'x'.repeat(64) : `app-${index}`}`;
    const texts = [
      { Key: productTags.label, Value: 'W'.repeat(256) },
      { Key: 'k'.repeat(128), Value: 'v'.repeat(256) },
    ];
    const tags = [{ Key: productTags.owner, Value: bob.userId }, ...(long ? texts : [])];
    account.devices.establish(account.devices.createVirtual(serial, tags, bobsSeed), bob, clock.now());
  }
}

const openDialog = (name: string) => async (page: Page) => {
  await signIn(page, 'bob');
  await button(page, name).click();
  await page.getByRole('dialog').waitFor();
};

/** The way to each view. */
const views: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'sign-in': (page) => heading(page, 'Sign in'),
  'sign-in with an error': async (page) => {
    await page.getByText('Paste credentials instead').click();
    await button(page, 'Sign in').click();
  },
  'first enrolment': async (page) => {
    await signIn(page, 'alice');
    await button(page, 'Show QR code').waitFor();
  },
  'first enrolment with everything expanded': async (page) => {
    await signIn(page, 'alice');
    await page.getByText('Add a label').click();
    await page.getByText('I have a hardware token').click();
    await page.getByText('A token can be your second device').waitFor();
  },
  'QR code and code fields': async (page) => {
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
    await page.getByText('ann requested this').waitFor();
  },
  'the maximum number of devices': async (page) => {
    establishDevices(7);
    await signIn(page, 'bob');
    await page.getByText('You have eight devices').waitFor();
    expect(await button(page, 'Add a device').count()).toBe(0);
  },
  'a hardware token with errors': async (page) => {
    await signIn(page, 'bob');
    await button(page, 'Add a device').click();
    await button(page, 'I have a hardware token').click();
    await button(page, 'Activate device').click();
    await page.getByText('Enter the whole serial number').waitFor();
  },
  'no connection': async (page) => {
    await signIn(page, 'bob');
    await heading(page, 'Your MFA devices');
    await page.context().setOffline(true);
    await button(page, 'Refresh').click();
    await alert(page, 'The service cannot be reached');
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
    await page.getByRole('dialog', { name: 'Confirm it’s you' }).waitFor();
  },
};

it.each(Object.keys(views))(
  'the view "%s" passes axe in both themes and fits in 320 pixels in both languages',
  async (view) => {
    const { page } = await portal.visit();
    await page.setViewportSize({ width: 320, height: 640 });
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
    await views[view]?.(page);
    expect(await faults(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await faults(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: 'Deutsch', includeHidden: true }).dispatchEvent('click');
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await overflow(page)).toBe(0);
  },
);

it('animates nothing for users who prefer reduced motion', async () => {
  const { page } = await portal.visit();
  const moving = () =>
    page.evaluate("getComputedStyle(document.querySelector('form button')).transitionDuration");
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await moving()).not.toBe('0s');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await moving()).toBe('0s');
});

describe('the language', () => {
  it('is German if the browser prefers it', async () => {
    const { page } = await portal.visit({ locale: 'de-CH' });
    await heading(page, 'Anmelden');
    expect(await page.evaluate('document.documentElement.lang')).toBe('de');
    expect(await page.title()).toBe('Anmelden – MFA-Geräte');
    expect(await faults(page)).toEqual([]);
  });

  it('can be changed at any time without losing input', async () => {
    const { page } = await portal.visit();
    await signIn(page, 'alice');
    await button(page, 'Show QR code').click();
    await page.getByLabel('First code').fill('123456');
    await button(page, 'Deutsch').click();
    await heading(page, 'phone einrichten');
    expect(await page.getByLabel('Erster Code').inputValue()).toBe('123456');
    await button(page, 'English').click();
    await heading(page, 'Set up phone');
  });
});
