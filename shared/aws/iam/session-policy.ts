import type { Caller } from '../../contract/caller.ts';
import { type IamAction, type IamResource, iamActions } from '../../contract/iam-actions.ts';
import type { Operation } from '../../contract/operation.ts';
import { ownPath } from '../../devices/device-id.ts';

/**
 * The session policy of one call: only the operation's actions, only on the caller and the devices that the request
 * addresses – or, if it addresses none, on those under the caller's own path. AssumeRole accepts 2048 characters.
 */
export function sessionPolicy(
  operation: Operation,
  caller: Caller,
  serialNumbers: readonly string[] = [],
): string {
  const path = `arn:${caller.partition}:iam::${caller.accountId}:mfa${literal(ownPath(caller.userName))}*`;
  // A hardware token's serial number is no ARN, and no action has it as its resource.
  const addressed = serialNumbers.filter((serialNumber) => serialNumber.startsWith('arn:')).map(literal);
  const devices = serialNumbers.length === 0 ? [path] : addressed;
  return policyOf(operation.actions, {
    user: [literal(caller.userArn)],
    device: devices,
    'own-device': devices,
    everything: ['*'],
  });
}

/**
 * The session policy for reading about a user: only these actions, and only on the user of this name, whatever their
 * path. Partition and account are those of the role.
 */
export function userSessionPolicy(actions: readonly IamAction[], roleArn: string, userName: string): string {
  const account = roleArn.replace(/:role\/.*$/, '');
  return policyOf(actions, {
    user: userName === '' ? [] : [`${account}:user/${userName}`, `${account}:user/*/${userName}`],
    device: [],
    'own-device': [],
    everything: ['*'],
  });
}

function policyOf(
  actions: readonly IamAction[],
  resources: Readonly<Record<IamResource, readonly string[]>>,
): string {
  const byResource = Map.groupBy(actions, (action) => resources[iamActions[action]]);
  const Statement = [...byResource]
    .filter(([Resource]) => Resource.length > 0)
    .map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Escapes the wildcards of a policy's resource, and the character that begins a policy variable. */
export const literal = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);
