import { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import { listMfaDevices } from '../../../shared/contract/operations/list-mfa-devices.ts';
import { endpoint } from '../../../shared/http/endpoint.ts';

const device = {
  id: 'phone',
  name: 'phone',
  kind: 'virtual',
  serialNumber: 'arn:aws:iam::123456789012:mfa/self-service/bob/phone',
  status: 'active',
  enabledAt: '2026-01-01T00:00:00.000Z',
} as const;

/** The chain around a no-op use case, for a request without a body. */
export const list = endpoint(listMfaDevices, async () => ({ items: [device] }));

/** The same for a request with path parameters and a body. */
export const enable = endpoint(enableMfaDevice, async () => ({
  ...device,
  usableForSessionsFrom: '2026-01-01T00:00:15.000Z',
}));
