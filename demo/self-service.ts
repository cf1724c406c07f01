import { getMe } from '../shared/contract/operations/get-me.ts';
import { listMfaDeviceTags } from '../shared/contract/operations/list-mfa-device-tags.ts';
import { listMfaDevices } from '../shared/contract/operations/list-mfa-devices.ts';
import { tagMfaDevice } from '../shared/contract/operations/tag-mfa-device.ts';
import { noContent } from '../shared/contract/schemas.ts';
import type { Authenticator } from './authenticator.ts';
import { accessKeyOf, type ScenarioRunner, type Signer, type Story } from './scenario.ts';
import { createDevice, enableDevice, getSession, type Sts, sessionRequest } from './steps.ts';

const accessKey = accessKeyOf('alice');

const day = 24 * 3600;

/** All that a user does with her own devices, from the first to the last. */
export const selfService: Story = {
  title: 'Alice looks after her own MFA devices',
  async tell(runner) {
    const sts = { signer: accessKey, endpoint: await introduceAlice(runner) };
    const phone = await enrolFirstDevice(runner);
    const session = await getFirstSession(runner, sts, phone);
    await meetTheGate(runner);
    await enrolSecondDevice(runner, session);
    const laptop = await replaceSecondDevice(runner, session);
    const nextDay = await resynchronise(runner, sts, { phone, laptop });
    await tagAndUntag(runner, nextDay);
    await removeDevices(runner, nextDay);
  },
};

/** Gives the STS endpoint that she is to sign for. */
async function introduceAlice(runner: ScenarioRunner): Promise<string> {
  runner.printer.chapter('The first device');
  const { stsEndpoint } = await runner.succeeds({
    sentence: 'Alice has nothing but an access key. She asks who she is, and has no MFA device yet.',
    signer: accessKey,
    route: 'GET /v1/me',
    status: 200,
    answer: getMe.output,
    holds: ({ mfa }) => mfa.active === 0,
    shows: ({ userArn, mfa, stsEndpoint }) => ({ userArn, 'mfa.active': mfa.active, stsEndpoint }),
  });
  return stsEndpoint;
}

async function enrolFirstDevice(runner: ScenarioRunner): Promise<Authenticator> {
  const phone = await createDevice(runner, {
    sentence: 'While she has no device, her access key is enough to create the first one.',
    signer: accessKey,
    route: 'POST /v1/me/first-mfa-device',
    body: { name: 'phone' },
    qrCode: true,
  });
  await enableDevice(runner, {
    sentence: 'She scans the QR code, and enables the device with two consecutive codes of her app.',
    signer: accessKey,
    route: 'PUT /v1/me/first-mfa-device/phone/activation',
    body: phone.consecutiveCodes(),
  });
  return phone;
}

async function getFirstSession(runner: ScenarioRunner, sts: Sts, phone: Authenticator): Promise<Signer> {
  runner.printer.chapter('A session with MFA');
  await runner.isRefused({
    sentence:
      'Alice presigns a GetSessionToken request with a code, but STS does not know the new device yet.',
    ...(await sessionRequest(sts, phone)),
    code: 'device-not-ready',
  });
  await runner.letTimePass(30, 'Half a minute goes by; here the local clock jumps.');
  return getSession(runner, 'She signs a new request with a fresh code, and gets a session.', sts, phone);
}

async function meetTheGate(runner: ScenarioRunner): Promise<void> {
  runner.printer.chapter('The gate');
  const secondDevice = { route: 'POST /v1/mfa-devices', body: { name: 'tablet' } } as const;
  await runner.isRefused({
    sentence: 'A request for another device that nobody signed is refused.',
    ...secondDevice,
    code: 'unauthenticated',
  });
  await runner.isRefused({
    sentence:
      'So is one that her access key alone signed, since a thief may have that: further devices take recent MFA.',
    signer: accessKey,
    ...secondDevice,
    code: 'access-denied',
  });
}

async function enrolSecondDevice(runner: ScenarioRunner, session: Signer): Promise<void> {
  runner.printer.chapter('A second device, and another in its place');
  const tablet = await createDevice(runner, {
    sentence: 'With the session she creates a second device.',
    signer: session,
    route: 'POST /v1/mfa-devices',
    body: { name: 'tablet', label: 'The old tablet' },
  });
  await enableDevice(runner, {
    sentence: 'Two codes of the tablet enable it.',
    signer: session,
    route: 'PUT /v1/mfa-devices/tablet/activation',
    body: tablet.consecutiveCodes(),
  });
}

async function replaceSecondDevice(runner: ScenarioRunner, session: Signer): Promise<Authenticator> {
  const laptop = await createDevice(runner, {
    sentence: 'The tablet is to go, so she creates the device that comes after it.',
    signer: session,
    route: 'POST /v1/mfa-devices',
    body: { name: 'laptop' },
  });
  await enableDevice(runner, {
    sentence: 'Enabling the laptop replaces the tablet, which is taken away once the laptop is active.',
    signer: session,
    route: 'PUT /v1/mfa-devices/laptop/activation',
    body: { ...laptop.consecutiveCodes(), replaces: 'tablet' },
  });
  await listDevices(runner, 'She has the phone and the laptop now; the tablet is gone.', ['laptop', 'phone']);
  return laptop;
}

/** Gives a session of the next day. */
async function resynchronise(
  runner: ScenarioRunner,
  sts: Sts,
  { phone, laptop }: { readonly phone: Authenticator; readonly laptop: Authenticator },
): Promise<Signer> {
  runner.printer.chapter('A device whose clock drifts');
  await runner.letTimePass(day, "A day goes by, in which the laptop's clock falls ten minutes behind.");
  laptop.fallBehind(600);
  await runner.isRefused({
    sentence: "The laptop's codes are old ones now, and the answer says that a resynchronisation may help.",
    ...(await sessionRequest(sts, laptop)),
    code: 'invalid-authentication-code',
  });
  const session = await getSession(
    runner,
    'The phone keeps time, so she gets a session with it.',
    sts,
    phone,
  );
  await enableDevice(runner, {
    sentence: 'Two consecutive codes of the laptop, old as they are, tell AWS how far its clock is behind.',
    signer: session,
    route: 'POST /v1/mfa-devices/laptop/resync',
    body: laptop.consecutiveCodes(),
  });
  await runner.letTimePass(30, 'Half a minute later STS knows it too.');
  return getSession(
    runner,
    "The laptop's clock is as slow as before, but its codes give a session again.",
    sts,
    laptop,
  );
}

async function tagAndUntag(runner: ScenarioRunner, session: Signer): Promise<void> {
  runner.printer.chapter('Tags');
  await runner.succeeds({
    sentence: 'She tags the laptop.',
    signer: session,
    route: 'POST /v1/mfa-devices/laptop/tags',
    body: { tags: { team: 'finance', asset: 'L-1024' } },
    status: 200,
    answer: tagMfaDevice.output,
    shows: ({ tags }) => tags,
  });
  await runner.succeeds({
    sentence: 'She takes one of the tags off again.',
    signer: session,
    route: 'DELETE /v1/mfa-devices/laptop/tags?key=asset',
    status: 204,
    answer: noContent,
  });
  await runner.succeeds({
    sentence: 'The other one stays; to read it takes no MFA.',
    signer: accessKey,
    route: 'GET /v1/me/mfa-devices/laptop/tags',
    status: 200,
    answer: listMfaDeviceTags.output,
    holds: ({ tags }) => String(Object.keys(tags)) === 'team',
    shows: ({ tags }) => tags,
  });
}

async function removeDevices(runner: ScenarioRunner, session: Signer): Promise<void> {
  runner.printer.chapter('Taking devices away');
  await runner.succeeds({
    sentence: 'She deactivates the laptop: its codes are worth nothing any more.',
    signer: session,
    route: 'DELETE /v1/mfa-devices/laptop/activation',
    status: 204,
    answer: noContent,
  });
  await runner.succeeds({
    sentence: 'She deletes it.',
    signer: session,
    route: 'DELETE /v1/mfa-devices/laptop',
    status: 204,
    answer: noContent,
  });
  await runner.isRefused({
    sentence: 'Her last device she may not delete, or her access key alone could enrol the next one.',
    signer: session,
    route: 'DELETE /v1/mfa-devices/phone',
    code: 'last-device',
  });
  await listDevices(runner, 'So the phone is still there.', ['phone']);
}

async function listDevices(
  runner: ScenarioRunner,
  sentence: string,
  expected: readonly string[],
): Promise<void> {
  await runner.succeeds({
    sentence,
    signer: accessKey,
    route: 'GET /v1/me/mfa-devices',
    status: 200,
    answer: listMfaDevices.output,
    holds: ({ items }) => String(items.map(({ id }) => id).sort()) === String(expected),
    shows: ({ items }) => Object.fromEntries(items.map(({ id, kind, status }) => [id, `${kind}, ${status}`])),
  });
}
