import { createFirstMfaDevice } from '../../shared/contract/operations/create-first-mfa-device.ts';
import { createFirstDevice } from '../../shared/devices/enrolment.ts';
import { endpoint } from '../../shared/http/endpoint.ts';
import { representEnrolment } from '../../shared/http/enrolment-media.ts';
import { firstEnrolmentContext } from '../wiring/device-changes.ts';

export const handler = endpoint(createFirstMfaDevice, async ({ body }, call) =>
  representEnrolment(await createFirstDevice(body, firstEnrolmentContext(call, body.name)), call.media),
);
