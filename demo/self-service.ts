import * as z from 'zod';
import type { Authenticator } from './authenticator.ts';
import type { ScenarioRunner, Signer, Story } from './scenario.ts';
import { createDevice, enableDevice, getSession, sessionRequest } from './steps.ts';

const day = 24 * 3600;

/** Everything that users do with their own devices, from the first to the last. */
export const selfService: Story = {
  title: 'Alice manages her own MFA devices',
  async tell(runner) {
    const alice = runner.accessKeyOf('alice');
    const phone = await enrolFirstDevice(runner, alice);
    const session = await getFirstSession(runner, alice, phone);
    await tryTheGate(runner, alice);
    const laptop = await enrolFurtherDevices(runner, alice, session);
    const nextDay = await resynchronise(runner, alice, { phone, laptop });
    await tagAndUntag(runner, alice, nextDay);
    await removeDevices(runner, alice, nextDay);
  },
};

async function enrolFirstDevice(runner: ScenarioRunner, { client }: Signer): Promise<Authenticator> {
  runner.printer.chapter('The first device');
  await runner.succeeds(
    'Alice has only an access key. She asks who she is: she has no MFA device yet.',
    () => client.getMe(),
    {
      holds: ({ mfa, stsEndpoint }) => mfa.active === 0 && stsEndpoint === runner.awsUrl,
      shows: ({ userArn, mfa, stsEndpoint }) => ({ userArn, 'mfa.active': mfa.active, stsEndpoint }),
    },
  );
  const phone = await createDevice(
    runner,
    'While she has no device, her access key is enough to create the first one.',
    () => client.createFirstMfaDevice({ name: 'phone' }),
    { qrCode: true },
  );
  await enableDevice(
    runner,
    'She scans the QR code and enables the device with two consecutive codes from her app.',
    () => client.enableFirstMfaDevice({ deviceId: 'phone', ...phone.consecutiveCodes() }),
  );
  return phone;
}

async function getFirstSession(runner: ScenarioRunner, alice: Signer, phone: Authenticator): Promise<Signer> {
  runner.printer.chapter('A session with MFA');
  const { send, note } = sessionRequest(runner, alice, phone);
  await runner.isRefused(
    'Alice presigns a GetSessionToken request with a code, but STS does not know the new device yet.',
    send,
    { code: 'device-not-ready', note },
  );
  await runner.letTimePass(30, 'Half a minute passes; here the local clock jumps.');
  return getSession(runner, 'She signs a new request with a fresh code and gets a session.', alice, phone);
}

async function tryTheGate(runner: ScenarioRunner, alice: Signer): Promise<void> {
  runner.printer.chapter('The gate');
  const body = { name: 'tablet' };
  await runner.isRefused(
    'An unsigned request for another device is refused.',
    () => runner.send({ route: 'POST /v1/mfa-devices', body }, z.unknown()),
    { code: 'unauthenticated' },
  );
  await runner.isRefused(
    'So is one signed with her access key alone, since a thief may have that: further devices require recent MFA.',
    () => alice.client.createMfaDevice(body),
    { code: 'access-denied' },
  );
}

/** Returns the second device that stays. */
async function enrolFurtherDevices(
  runner: ScenarioRunner,
  alice: Signer,
  { client }: Signer,
): Promise<Authenticator> {
  runner.printer.chapter('A second device, and its replacement');
  const tablet = await createDevice(runner, 'With the session, she creates a second device.', () =>
    client.createMfaDevice({ name: 'tablet', label: 'The old tablet' }),
  );
  await enableDevice(runner, 'Two codes from the tablet enable it.', () =>
    client.enableMfaDevice({ deviceId: 'tablet', ...tablet.consecutiveCodes() }),
  );
  const laptop = await createDevice(
    runner,
    'The tablet has to go, so she creates the device that will replace it.',
    () => client.createMfaDevice({ name: 'laptop' }),
  );
  await enableDevice(
    runner,
    'Enabling the laptop replaces the tablet, which is removed once the laptop is active.',
    () => client.enableMfaDevice({ deviceId: 'laptop', ...laptop.consecutiveCodes(), replaces: 'tablet' }),
  );
  await hasDevices(runner, 'She has the phone and the laptop now; the tablet is gone.', alice, [
    'laptop',
    'phone',
  ]);
  return laptop;
}

/** Returns a session on the next day. */
async function resynchronise(
  runner: ScenarioRunner,
  alice: Signer,
  { phone, laptop }: { readonly phone: Authenticator; readonly laptop: Authenticator },
): Promise<Signer> {
  runner.printer.chapter('A device whose clock drifts');
  await runner.letTimePass(day, "A day passes, and the laptop's clock falls ten minutes behind.");
  laptop.fallBehind(600);
  const { send, note } = sessionRequest(runner, alice, laptop);
  await runner.isRefused(
    "The laptop's codes are too old now, and the response says that resynchronising may help.",
    send,
    { code: 'invalid-authentication-code', note },
  );
  const { client } = await getSession(
    runner,
    'The phone keeps time, so she gets a session with it.',
    alice,
    phone,
  );
  await enableDevice(
    runner,
    'Two consecutive codes from the laptop, old as they are, tell AWS how far its clock is behind.',
    () => client.resyncMfaDevice({ deviceId: 'laptop', ...laptop.consecutiveCodes() }),
  );
  await runner.letTimePass(30, 'Half a minute later, STS knows it too.');
  return getSession(runner, "The laptop's clock is still behind, but its codes work again.", alice, laptop);
}

async function tagAndUntag(runner: ScenarioRunner, alice: Signer, { client }: Signer): Promise<void> {
  runner.printer.chapter('Tags');
  const deviceId = 'laptop';
  await runner.succeeds(
    'She tags the laptop.',
    () => client.tagMfaDevice({ deviceId, tags: { team: 'finance', asset: 'L-1024' } }),
    { shows: ({ tags }) => tags },
  );
  await runner.succeeds('She removes one of the tags again.', () =>
    client.untagMfaDevice({ deviceId, key: ['asset'] }),
  );
  await runner.succeeds(
    'The other one stays; reading it needs no MFA.',
    () => alice.client.listMfaDeviceTags({ deviceId }),
    { holds: ({ tags }) => String(Object.keys(tags)) === 'team', shows: ({ tags }) => tags },
  );
}

async function removeDevices(runner: ScenarioRunner, alice: Signer, { client }: Signer): Promise<void> {
  runner.printer.chapter('Removing devices');
  await runner.succeeds('She deactivates the laptop: its codes no longer work.', () =>
    client.deactivateMfaDevice({ deviceId: 'laptop' }),
  );
  await runner.succeeds('She deletes it.', () => client.deleteMfaDevice({ deviceId: 'laptop' }));
  await runner.isRefused(
    'She may not delete her last device, or her access key alone could enrol the next one.',
    () => client.deleteMfaDevice({ deviceId: 'phone' }),
    { code: 'last-device' },
  );
  await hasDevices(runner, 'So the phone is still there.', alice, ['phone']);
}

async function hasDevices(
  runner: ScenarioRunner,
  sentence: string,
  { client }: Signer,
  expected: readonly string[],
): Promise<void> {
  await runner.succeeds(sentence, () => client.listMfaDevices(), {
    holds: ({ items }) => String(items.map(({ id }) => id).sort()) === String(expected),
    shows: ({ items }) => Object.fromEntries(items.map(({ id, kind, status }) => [id, `${kind}, ${status}`])),
  });
}
