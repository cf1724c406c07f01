import { recoveryStore } from '../../shared/aws/table/recovery-store.ts';
import type { AnonymousCall } from '../../shared/http/endpoint.ts';
import type { DecisionContext } from '../../shared/recoveries/decide.ts';
import { cursorsOf } from './cursors.ts';

export const decisionContext = (call: AnonymousCall): DecisionContext => ({ store: recoveryStore(call) });

/** @param reader identifies who reads the list, and which one */
export const recoveryListContext = (call: AnonymousCall, reader: string) => ({
  store: recoveryStore(call),
  cursors: cursorsOf(call, reader),
});
