import { firstEnrolmentContext } from '../shared/aws/enrolment-context.ts';
import { createFirstMfaDevice } from '../shared/contract/operations/create-first-mfa-device.ts';
import { endpoint } from '../shared/http/endpoint.ts';
import { representEnrolment } from '../shared/http/enrolment-media.ts';
import { createFirstDevice } from '../shared/mfa/enrolment.ts';

export const handler = endpoint(createFirstMfaDevice, async ({ body }, call) =>
  representEnrolment(await createFirstDevice(body, firstEnrolmentContext(call, body.name)), call.media),
);
