import fc from 'fast-check';
import { enableDevice } from '../../../shared/devices/activation.ts';
import { labelDevice, tagDevice } from '../../../shared/devices/device-tags.ts';
import {
  createDevice,
  createFirstDevice,
  type FirstEnrolmentContext,
} from '../../../shared/devices/enrolment.ts';
import { enableFirstDevice, type FirstActivationContext } from '../../../shared/devices/first-activation.ts';
import { deactivateDevice, deleteDevice, type RemovalContext } from '../../../shared/devices/removal.ts';
import { type OnlyResyncContext, resyncDevice, resyncOnlyDevice } from '../../../shared/devices/resync.ts';
import { foreign, older, phone, tablet, token } from '../../support/fake-devices.ts';
import { goodCodes, type IamDevice } from '../../support/lagging-iam.ts';

export type Context = FirstEnrolmentContext & FirstActivationContext & RemovalContext & OnlyResyncContext;
type Devices = ReadonlyMap<string, IamDevice>;
type Claim = (devices: Devices) => boolean;

/** One request, and what its answer promises about the devices. */
export interface Operation {
  readonly name: string;
  readonly isFirst: boolean;
  readonly run: (context: Context) => Promise<unknown>;
  /** True of the devices at some time between request and answer if the answer is a success. */
  readonly promises: (devices: Devices, output: unknown) => boolean;
  /** The same for what the detail of a problem says is done; undefined if it says nothing. */
  readonly claims: (detail: string) => Claim | undefined;
}

const isActive = (devices: Devices, serialNumber: string): boolean =>
  devices.get(serialNumber)?.userName === 'alice';
const isGone = (devices: Devices, serialNumber: string): boolean =>
  serialNumber.includes(':mfa/') ? !devices.has(serialNumber) : !isActive(devices, serialNumber);

const claimsOf =
  (serialNumber: string) =>
  (detail: string): Claim | undefined => {
    if (/device is active/.test(detail)) return (devices) => isActive(devices, serialNumber);
    if (/device is deactivated/.test(detail)) return (devices) => !isActive(devices, serialNumber);
    return undefined;
  };

function operation(
  what: string,
  serialNumber: string,
  run: Operation['run'],
  promises: Operation['promises'],
  isFirst = false,
): Operation {
  const name = `${what} ${nameOf(serialNumber)}`;
  // What fast-check prints of a failure.
  const printed = { [fc.toStringMethod]: () => name };
  return { name, isFirst, run, promises, claims: claimsOf(serialNumber), ...printed };
}

const nameOf = (serialNumber: string) => serialNumber.slice(serialNumber.lastIndexOf('/') + 1);

const own = fc.constantFrom(phone, tablet);
const any = fc.oneof({ weight: 9, arbitrary: own }, fc.constantFrom(older, token, foreign));
const codes = fc.oneof(
  { weight: 4, arbitrary: fc.constant(goodCodes) },
  fc.constant({ code1: '000000', code2: '000001' }),
);

const create = own.map((serialNumber) =>
  operation(
    'create',
    serialNumber,
    (context) => createDevice({ name: nameOf(serialNumber) }, context),
    hasSeed(serialNumber),
  ),
);
const createFirst = own.map((serialNumber) =>
  operation(
    'create first',
    serialNumber,
    (context) => createFirstDevice({ name: nameOf(serialNumber) }, context),
    hasSeed(serialNumber),
  ),
);
const enable = fc.tuple(any, codes).map(([serialNumber, sent]) =>
  operation(
    sent === goodCodes ? 'enable' : 'enable with wrong codes',
    serialNumber,
    (context) => enableDevice(serialNumber, sent, context),
    (devices) => isActive(devices, serialNumber),
  ),
);
const enableFirst = fc.tuple(own, codes).map(([serialNumber, sent]) =>
  operation(
    sent === goodCodes ? 'enable first' : 'enable first with wrong codes',
    serialNumber,
    (context) => enableFirstDevice(serialNumber, sent, context),
    (devices) => isActive(devices, serialNumber),
    true,
  ),
);
const replace = fc.tuple(any, any, codes).map(([serialNumber, replaces, sent]) =>
  operation(
    `${sent === goodCodes ? 'replace' : 'replace with wrong codes'} ${nameOf(replaces)} by`,
    serialNumber,
    (context) => enableDevice(serialNumber, { ...sent, replaces }, context),
    (devices) => isActive(devices, serialNumber) && (replaces === foreign || isGone(devices, replaces)),
  ),
);
const deactivate = any.map((serialNumber) =>
  operation(
    'deactivate',
    serialNumber,
    (context) => deactivateDevice(serialNumber, context),
    (devices) => !isActive(devices, serialNumber),
  ),
);
const remove = any.map((serialNumber) =>
  operation(
    'delete',
    serialNumber,
    (context) => deleteDevice(serialNumber, context),
    (devices) => isGone(devices, serialNumber),
  ),
);
const label = any.map((serialNumber) =>
  operation(
    'label',
    serialNumber,
    (context) => labelDevice(serialNumber, 'Work', context),
    (devices) => devices.get(serialNumber)?.tags['mfa-self-service:label'] === 'Work',
  ),
);
const tag = any.map((serialNumber) =>
  operation(
    'tag',
    serialNumber,
    (context) => tagDevice(serialNumber, { team: 'red' }, context),
    (devices) => devices.get(serialNumber)?.tags['team'] === 'red',
  ),
);
const resync = fc.tuple(any, codes).map(([serialNumber, sent]) =>
  operation(
    'resync',
    serialNumber,
    (context) => resyncDevice(serialNumber, sent, context),
    (devices) => isActive(devices, serialNumber),
  ),
);

const resyncOnly = own.map((serialNumber) =>
  operation(
    'resync only',
    serialNumber,
    (context) => resyncOnlyDevice(serialNumber, goodCodes, context),
    (devices) => isActive(devices, serialNumber),
  ),
);

export const arbitraryOperation: fc.Arbitrary<Operation> = fc.oneof(
  create,
  createFirst,
  { weight: 3, arbitrary: enable },
  { weight: 3, arbitrary: enableFirst },
  { weight: 4, arbitrary: replace },
  { weight: 3, arbitrary: deactivate },
  { weight: 2, arbitrary: remove },
  label,
  tag,
  resync,
  resyncOnly,
);

function hasSeed(serialNumber: string): Operation['promises'] {
  return (devices, output) => {
    const { base32Seed } = output as { base32Seed: string };
    return devices.get(serialNumber)?.seed === base32Seed;
  };
}
