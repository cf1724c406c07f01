import type { Inspection } from '../../local-aws/inspection.ts';
import { tableItems } from '../../shared/contract/table.ts';
import type { Recovery } from '../../shared/recoveries/recovery.ts';
import { parseStoredRecovery } from '../../shared/recoveries/stored-recovery.ts';

/** The recovery that holds each user's guard, by UserId. */
export function guardsIn({ items }: Inspection): ReadonlyMap<string, string> {
  return new Map(
    items.flatMap(({ pk, guard }) =>
      pk?.S?.startsWith(tableItems.user) && guard !== undefined
        ? [[pk.S.slice(tableItems.user.length), guard.M?.['recoveryId']?.S ?? ''] as const]
        : [],
    ),
  );
}

/** All recoveries, with their present state. */
export function recoveriesIn({ items }: Inspection): readonly Recovery[] {
  return items.flatMap(({ pk, data }) =>
    pk?.S?.startsWith(tableItems.recovery) ? [parseStoredRecovery(data?.S ?? '')] : [],
  );
}

export const isUnderWay = ({ state }: Recovery): boolean => state === 'approved' || state === 'executing';
