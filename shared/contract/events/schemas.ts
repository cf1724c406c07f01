import * as z from 'zod/mini';
import { personCharacters } from '../person-name.ts';
import { recoveryFailure, recoveryId, recoveryReason, recoveryState, ticket } from '../recovery-schemas.ts';
import { deviceEvents, recoveryEvents } from './detail-types.ts';

/** Wider than `personName`: recoveries from before its rules must be told of too. */
const person = z.string().check(z.regex(personCharacters, 'must be 1 to 128 characters of names'));

const serialNumber = z
  .string()
  .check(z.regex(/^[\w+=/:,.@-]{9,256}$/, 'must be the serial number of a device'));

const actor = z.strictObject({
  /** The user, role session or person in the ticketing system; `mfa-self-service` for the service itself. */
  name: person,
  /** Absent if a ticketing system or the service itself acted. */
  arn: z.optional(z.string().check(z.regex(/^arn:[\x21-\x7e]{1,2044}$/, 'must be an ARN'))),
  sourceIp: z.optional(z.string().check(z.regex(/^[0-9a-fA-F.:]{2,45}$/, 'must be an IP address'))),
  /** The ticketing system whose webhook made the request. */
  system: z.optional(ticket.shape.system),
});

const subject = z.strictObject({
  userName: z.string().check(z.regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of an IAM user')),
  userId: z.string().check(z.regex(/^\w{1,128}$/, 'must be the UserId of an IAM user')),
});

const common = {
  version: z.literal('1'),
  /** The deployment the event comes from: all stages of an account and Region share one bus. */
  stage: z.string().check(z.regex(/^[\w-]{1,128}$/, 'must be the name of a stage')),
  /** Stays the same when the event is delivered again. */
  id: z.string().check(z.regex(/^[\w-]{1,128}$/)),
  time: z.iso.datetime(),
  requestId: z.string().check(z.regex(/^[\w=-]{1,128}$/, 'must be the id of a request')),
  result: z.enum(['done', 'incomplete']),
  /** Calls to IAM and writes to recoveries that changed something, or may have. */
  changes: z.array(z.string().check(z.regex(/^[A-Za-z]{1,64}$/))),
  actor,
  subject,
};

/** Detail of a device event. Holds no key ids, tags, codes, seeds or passes. */
export const deviceDetail = z.strictObject({
  ...common,
  device: z.strictObject({ serialNumber, replaces: z.optional(serialNumber) }),
  /** The recovery that the change belongs to. */
  recovery: z.optional(z.strictObject({ id: recoveryId })),
});

/** Detail of a recovery event. Holds no evidence either. */
export const recoveryDetail = z.strictObject({
  ...common,
  recovery: z.strictObject({
    id: recoveryId,
    state: recoveryState,
    ticket: z.strictObject({ system: ticket.shape.system, id: ticket.shape.id }),
    reason: recoveryReason,
    requestedBy: person,
    failure: z.optional(recoveryFailure),
    /** Serial numbers of the devices deactivated in this step of the execution. */
    removed: z.optional(z.array(serialNumber)),
    /** All devices that the execution has removed so far, or found removed already. */
    removedDevices: z.optional(
      z.array(
        z.strictObject({
          serialNumber,
          /** Whether it was enabled after the request, so that those who approved did not see it. */
          addedSinceRequest: z.boolean(),
        }),
      ),
    ),
  }),
});

export type DeviceDetail = z.output<typeof deviceDetail>;
export type RecoveryDetail = z.output<typeof recoveryDetail>;

/** An event of this service, in EventBridge's field names. Details are strict, so that nothing else leaks. */
export const serviceEvent = z.discriminatedUnion('detail-type', [
  z.object({ 'detail-type': z.enum(deviceEvents), detail: deviceDetail }),
  z.object({ 'detail-type': z.enum(recoveryEvents), detail: recoveryDetail }),
]);

export type ServiceEvent = z.output<typeof serviceEvent>;
