import type { Api } from '../../../clients/typescript/src/index.ts';
import type { Input, Output } from '../../../shared/contract/operation.ts';
import type { createMfaDevice } from '../../../shared/contract/operations/create-mfa-device.ts';
import type { createSession } from '../../../shared/contract/operations/create-session.ts';
import type { deleteMfaDevice } from '../../../shared/contract/operations/delete-mfa-device.ts';
import type { enableFirstMfaDevice } from '../../../shared/contract/operations/enable-first-mfa-device.ts';
import type { enableHardwareMfaDevice } from '../../../shared/contract/operations/enable-hardware-mfa-device.ts';
import type { enableMfaDevice } from '../../../shared/contract/operations/enable-mfa-device.ts';
import type { getMe } from '../../../shared/contract/operations/get-me.ts';
import type { getMfaDevice } from '../../../shared/contract/operations/get-mfa-device.ts';
import type { listMfaDevices } from '../../../shared/contract/operations/list-mfa-devices.ts';
import type { listRecoveries } from '../../../shared/contract/operations/list-recoveries.ts';
import type { listUsers } from '../../../shared/contract/operations/list-users.ts';
import type { requestRecovery } from '../../../shared/contract/operations/request-recovery.ts';
import type { resyncOnlyMfaDevice } from '../../../shared/contract/operations/resync-only-mfa-device.ts';
import type { tagMfaDevice } from '../../../shared/contract/operations/tag-mfa-device.ts';
import type { untagMfaDevice } from '../../../shared/contract/operations/untag-mfa-device.ts';
import type { updateMfaDevice } from '../../../shared/contract/operations/update-mfa-device.ts';

/** Types only: the compiler checks that types generated from the OpenAPI document match those of the contracts. */
interface Contracts {
  readonly createMfaDevice: typeof createMfaDevice;
  readonly createSession: typeof createSession;
  readonly deleteMfaDevice: typeof deleteMfaDevice;
  readonly enableFirstMfaDevice: typeof enableFirstMfaDevice;
  readonly enableHardwareMfaDevice: typeof enableHardwareMfaDevice;
  readonly enableMfaDevice: typeof enableMfaDevice;
  readonly getMfaDevice: typeof getMfaDevice;
  readonly listMfaDevices: typeof listMfaDevices;
  readonly listRecoveries: typeof listRecoveries;
  readonly listUsers: typeof listUsers;
  readonly requestRecovery: typeof requestRecovery;
  readonly resyncOnlyMfaDevice: typeof resyncOnlyMfaDevice;
  readonly tagMfaDevice: typeof tagMfaDevice;
  readonly untagMfaDevice: typeof untagMfaDevice;
  readonly updateMfaDevice: typeof updateMfaDevice;
}

/** Read-only, and without `undefined`, which members may have here but not in JSON. */
type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<Exclude<T[K], undefined>> } : T;

/** `true` if both types are assignable to each other, else `never`. */
type Same<One, Other> = [One, Other] extends [Other, One] ? true : never;

/** The members of one part of a request; an empty part would forbid those of all others. */
type Members<Part> = Part extends object ? (string extends keyof Part ? unknown : Part) : unknown;

/** Path, query and body of a contract in one; all query parameters but tag keys have defaults. */
type Argument<O> =
  Input<O> extends { path: infer Path; query: infer Query; body: infer Body }
    ? Frozen<Members<Path> & Members<Query extends { key: unknown } ? Query : Partial<Query>> & Members<Body>>
    : never;

type ArgumentsAreSame = {
  [Name in keyof Contracts]: Same<Argument<Contracts[Name]>, Frozen<NonNullable<Parameters<Api[Name]>[0]>>>;
};
type AnswersAreSame = {
  [Name in keyof Contracts]: Same<Frozen<Output<Contracts[Name]>>, Frozen<Awaited<ReturnType<Api[Name]>>>>;
};

const each: { readonly [Name in keyof Contracts]: true } = {
  createMfaDevice: true,
  createSession: true,
  deleteMfaDevice: true,
  enableFirstMfaDevice: true,
  enableHardwareMfaDevice: true,
  enableMfaDevice: true,
  getMfaDevice: true,
  listMfaDevices: true,
  listRecoveries: true,
  listUsers: true,
  requestRecovery: true,
  resyncOnlyMfaDevice: true,
  tagMfaDevice: true,
  untagMfaDevice: true,
  updateMfaDevice: true,
};

export const argumentsAreSame: ArgumentsAreSame = each;
export const answersAreSame: AnswersAreSame = each;
export const meIsSame: Same<Frozen<Output<typeof getMe>>, Awaited<ReturnType<Api['getMe']>>> = true;
