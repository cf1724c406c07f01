import type { Operation } from '../operation.ts';
import { accountOperations } from './account.ts';
import { mfaDeviceOperations } from './mfa-devices.ts';
import { policyOperations } from './policies.ts';
import { stsOperations } from './sts.ts';
import { userOperations } from './users.ts';

/** All operations of IAM and STS in the local AWS, by name. */
export const operations: ReadonlyMap<string, Operation> = new Map(
  [
    ...mfaDeviceOperations,
    ...userOperations,
    ...policyOperations,
    ...accountOperations,
    ...stsOperations,
  ].map((operation) => [operation.name, operation]),
);
