import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  ListMFADevicesCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  bobsPhone,
  createDevice,
  enableDevice,
  failureOf,
  keyOf,
  type LocalAws,
  startLocalAws,
} from './fixture.ts';

let aws: LocalAws;
beforeEach(async () => {
  aws = await startLocalAws();
});
afterEach(() => aws.close());

const lag = (lagMs: number) => {
  aws.account.devices.listed.lagMs = lagMs;
};

const admin = () => aws.iam(keyOf('admin'));

async function activeOf(UserName: string) {
  const { MFADevices } = await admin().send(new ListMFADevicesCommand({ UserName }));
  return MFADevices?.map(({ SerialNumber }) => SerialNumber);
}

async function virtualDevices() {
  const { VirtualMFADevices } = await admin().send(new ListVirtualMFADevicesCommand({}));
  return VirtualMFADevices?.map(({ SerialNumber, User }) => [SerialNumber, User?.UserName]);
}

const phone = bobsPhone.SerialNumber;

it('lists show devices as they were', async () => {
  lag(15_000);
  await admin().send(new DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber: phone }));
  const { SerialNumber } = await enableDevice(aws, 'alice', 'new');

  expect(await activeOf('bob')).toEqual([phone]);
  expect(await activeOf('alice')).toEqual([]);
  expect(await virtualDevices()).toEqual([[phone, 'bob']]);

  aws.clock.advance(16);

  expect(await activeOf('bob')).toEqual([]);
  expect(await activeOf('alice')).toEqual([SerialNumber]);
  expect(await virtualDevices()).toEqual([
    [phone, undefined],
    [SerialNumber, 'alice'],
  ]);
});

it('each change is shown in its turn', async () => {
  lag(15_000);
  const { SerialNumber } = await createDevice(aws, 'brief');
  aws.clock.advance(10);
  await admin().send(new DeleteVirtualMFADeviceCommand({ SerialNumber }));

  const before = await virtualDevices();
  aws.clock.advance(10);
  const between = await virtualDevices();
  aws.clock.advance(10);
  const after = await virtualDevices();

  expect([before, between, after].map((devices) => devices?.length)).toEqual([1, 2, 1]);
});

it('everything but lists knows the present', async () => {
  lag(15_000);
  const deactivate = new DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber: phone });
  await admin().send(deactivate);

  expect((await failureOf(admin().send(deactivate))).code).toBe('NoSuchEntity');
});

it('a reset ends the lag', async () => {
  lag(15_000);
  await admin().send(new DeactivateMFADeviceCommand({ UserName: 'bob', SerialNumber: phone }));
  aws.account.reset();
  const { SerialNumber } = await enableDevice(aws, 'alice', 'new');

  expect(await activeOf('alice')).toEqual([SerialNumber]);
});
