import { currentInvocation, upstream } from '../lib/invocation.ts';

interface CallContext {
  readonly commandName?: string;
}

/** Calls that change something; the table's items are no matter of the audit. */
const changing = /^(?:Attach|Create|Deactivate|Delete|Detach|Enable|PutUserPolicy|Resync|Tag|Untag)/;

/** The innermost middleware of a client: it sees each attempt, and what AWS answered to it. */
const observeCall =
  <Arguments, Result extends { response: unknown }>(
    next: (args: Arguments) => Promise<Result>,
    { commandName = '' }: CallContext,
  ) =>
  async (args: Arguments): Promise<Result> => {
    const call = commandName.replace(/Command$/, '');
    if (!changing.test(call)) return upstream(() => next(args));
    let status = 0;
    try {
      const result = await upstream(() => next(args));
      status = statusOf(result.response);
      return result;
    } finally {
      if (!isRefusal(status)) currentInvocation().changes.add(call);
    }
  };

const statusOf = (response: unknown): number => Number(Reflect.get(Object(response), 'statusCode'));

/** After anything else, no answer included, something may have been changed. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500;

/** Any client of the SDK. */
export interface InstrumentableClient {
  readonly middlewareStack: {
    add(
      middleware: typeof observeCall,
      options: { step: 'deserialize'; name: string; priority: 'low' },
    ): void;
  };
}

/** Has every call of a client counted, timed and, where it changes something, noted for the audit. */
export function instrumentedClient<C extends InstrumentableClient>(client: C): C {
  client.middlewareStack.add(observeCall, { step: 'deserialize', name: 'observeCall', priority: 'low' });
  return client;
}
