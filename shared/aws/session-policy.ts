import type { Caller } from '../caller.ts';
import { type IamResource, iamActions } from '../contract/iam-actions.ts';
import type { Operation } from '../contract/operation.ts';
import { ownPath } from '../mfa/device-id.ts';

/**
 * The session policy of one call: only the operation's actions, only on the caller himself and the devices that the
 * request addresses – or, where it addresses none, on those of his own path. AssumeRole takes 2048 characters.
 */
export function sessionPolicy(
  operation: Operation,
  caller: Caller,
  serialNumbers: readonly string[] = [],
): string {
  const path = `arn:${caller.partition}:iam::${caller.accountId}:mfa${literal(ownPath(caller.userName))}*`;
  // A hardware token's serial number is no ARN, and no action is authorised on it.
  const addressed = serialNumbers.filter((serialNumber) => serialNumber.startsWith('arn:')).map(literal);
  const devices = serialNumbers.length === 0 ? [path] : addressed;
  const resources: Readonly<Record<IamResource, readonly string[]>> = {
    user: [literal(caller.userArn)],
    device: devices,
    'own-device': devices,
    everything: ['*'],
  };
  const byResource = Map.groupBy(operation.actions, (action) => resources[iamActions[action]]);
  const Statement = [...byResource]
    .filter(([Resource]) => Resource.length > 0)
    .map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Takes the meaning from the characters that are wildcards or begin a variable in a policy's resource. */
const literal = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);
