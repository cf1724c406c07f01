import type { Caller } from '../caller.ts';
import { type IamResource, iamActions } from '../contract/iam-actions.ts';
import type { Operation } from '../contract/operation.ts';
import { ownPath } from '../mfa/device-id.ts';

/**
 * The session policy of one call: only the operation's actions, only on the caller himself and his own devices –
 * or, where the request addresses one device, on that one. At most 2048 characters, as AssumeRole takes.
 */
export function sessionPolicy(
  operation: Operation,
  caller: Caller,
  serialNumber: string | undefined,
): string {
  const device =
    serialNumber === undefined
      ? `arn:${caller.partition}:iam::${caller.accountId}:mfa${literal(ownPath(caller.userName))}*`
      : literal(serialNumber);
  const resources: Readonly<Record<IamResource, string>> = {
    user: literal(caller.userArn),
    device,
    'own-device': device,
    everything: '*',
  };
  const byResource = Map.groupBy(operation.actions, (action) => resources[iamActions[action]]);
  const Statement = [...byResource].map(([Resource, Action]) => ({ Effect: 'Allow', Action, Resource }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Takes the meaning from the characters that are wildcards or begin a variable in a policy's resource. */
const literal = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);
