import type { Caller } from '../caller.ts';
import type { Operation } from '../contract/operation.ts';
import { ownPath } from '../mfa/device-id.ts';

/** IAM actions on devices that AWS authorises against the user, not the device. */
const onUser = new Set([
  'iam:ListMFADevices',
  'iam:EnableMFADevice',
  'iam:DeactivateMFADevice',
  'iam:ResyncMFADevice',
]);
/** IAM actions that know no resource. */
const onEverything = new Set(['iam:ListVirtualMFADevices']);

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
  const actions = operation.actions.filter((action) => action.startsWith('iam:'));
  const statements = [
    { Action: actions.filter((action) => onUser.has(action)), Resource: literal(caller.userArn) },
    { Action: actions.filter((action) => onEverything.has(action)), Resource: '*' },
    {
      Action: actions.filter((action) => !onUser.has(action) && !onEverything.has(action)),
      Resource: device,
    },
  ];
  const Statement = statements
    .filter(({ Action }) => Action.length > 0)
    .map((statement) => ({ Effect: 'Allow', ...statement }));
  return JSON.stringify({ Version: '2012-10-17', Statement });
}

/** Takes the meaning from the characters that are wildcards or begin a variable in a policy's resource. */
const literal = (text: string): string => text.replace(/[*?$]/g, (character) => `\${${character}}`);
