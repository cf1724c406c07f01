import { enableHardwareMfaDevice } from '../../shared/contract/operations/enable-hardware-mfa-device.ts';
import { enableDevice } from '../../shared/devices/activation.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { activationContext } from '../wiring/device-changes.ts';

export const handler = endpoint(enableHardwareMfaDevice, ({ path: { serialNumber }, body }, call) =>
  enableDevice(serialNumber, body, activationContext(call, serialNumber)),
);
