import { expect, it } from 'vitest';
import { button, enterCodes, seedOnScreen, signIn, usePortal } from '../support/portal.ts';
import { staffSession } from '../support/staff.ts';

const portal = usePortal({ env: { FIRST_DEVICE: 'pass' } });

/** What an approver hands to alice. */
async function passForAlice(): Promise<string> {
  const { stack } = portal;
  const [ann, pat] = [await staffSession(stack, 'ann'), await staffSession(stack, 'pat')];
  const asked = await stack.fetch(ann, 'POST', '/v1/recoveries', {
    ticket: { system: 'servicenow', id: 'INC1' },
    userName: 'alice',
    reason: 'lost',
  });
  const path = `/v1/recoveries/${asked.json().id}`;
  await stack.fetch(pat, 'PUT', `${path}/approval`);
  await expect.poll(async () => (await stack.fetch(pat, 'GET', path)).json().state).toBe('executed');
  return (await stack.fetch(pat, 'POST', `${path}/enrolment-pass`)).json().enrolmentPass;
}

it('asks for the enrolment pass only of who needs one, and says of a wrong one what to do', async () => {
  const pass = await passForAlice();
  const { page } = await portal.visit();
  await signIn(page, 'alice');
  await button(page, 'Show QR code').waitFor();
  expect(await page.getByLabel('Enrolment pass').isVisible()).toBe(false);
  await button(page, 'Show QR code').click();
  await page.getByRole('alert').getByText('You need an enrolment pass').waitFor();
  await button(page, 'Show QR code').click();
  await page.getByText('Enter the enrolment pass').waitFor();
  await page.getByLabel('Enrolment pass').fill(pass.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')));
  await button(page, 'Show QR code').click();
  await page.getByRole('alert').getByText('This pass does not hold').waitFor();
  await page.getByLabel('Enrolment pass').fill(pass);
  await button(page, 'Show QR code').click();
  await enterCodes(page, portal.codes(await seedOnScreen(page)));
  await page.locator('.news', { hasText: 'phone is active' }).waitFor();
}, 60_000);
