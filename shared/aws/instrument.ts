import { currentInvocation, upstream } from '../lib/invocation.ts';

interface CallContext {
  readonly commandName?: string;
}

/** Calls that change something in IAM; items of the table are not audited. */
const changing = /^(?:Attach|Create|Deactivate|Delete|Detach|Enable|PutUserPolicy|Resync|Tag|Untag)/;

/** The innermost middleware of a client: it sees every attempt and its response. */
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

/** After any other status, and after no answer at all, something may have changed. */
const isRefusal = (status: number): boolean => status >= 400 && status < 500;

/** Any SDK client. */
export interface InstrumentableClient {
  readonly middlewareStack: {
    add(
      middleware: typeof observeCall,
      options: { step: 'deserialize'; name: string; priority: 'low' },
    ): void;
  };
}

/** Makes a client count and time its calls, and note those that change something for the audit. */
export function instrumentedClient<C extends InstrumentableClient>(client: C): C {
  client.middlewareStack.add(observeCall, { step: 'deserialize', name: 'observeCall', priority: 'low' });
  return client;
}
