import { createMfaDevice } from '../../shared/contract/operations/create-mfa-device.ts';
import { createDevice } from '../../shared/devices/enrolment.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { representEnrolment } from '../../shared/http/enrolment-media.ts';
import { enrolmentContext } from '../wiring/device-changes.ts';

export const handler = endpoint(createMfaDevice, async ({ body }, call) =>
  representEnrolment(await createDevice(body, enrolmentContext(call, body.name)), call.media),
);
