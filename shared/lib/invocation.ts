import { AsyncLocalStorage } from 'node:async_hooks';

/** What is learnt of one invocation while it runs, for its log line, its metrics and the audit. */
export interface Invocation {
  /** Of `performance.now()`. */
  readonly startedAt: number;
  /** Requests sent to AWS, repeated ones included, and the sum of the time until they were answered. */
  upstreamCalls: number;
  upstreamMillis: number;
  /** Serial numbers of the devices that the request addresses. */
  devices: readonly string[];
  /** Names of the calls to IAM and STS, and of writes of recoveries, that changed something, or may have. */
  readonly changes: Set<string>;
  /** The recovery that the request is about, or that the change belongs to. */
  recovery?: AuditedRecovery;
  /** The webhook that asks, where one does. */
  webhook?: AuditedWebhook;
}

/**
 * What the audit tells of a recovery. No evidence: that may be personal. Of a change of a device only the id of the
 * recovery is known that it belongs to.
 */
export interface AuditedRecovery extends Partial<RecoveryFacts> {
  readonly id: string;
}

export interface RecoveryFacts {
  readonly state: string;
  readonly ticket: { readonly system: string; readonly id: string };
  readonly reason: string;
  readonly userName: string;
  readonly userId: string;
  readonly requestedBy: string;
  readonly failure?: string | undefined;
}

/** Who a webhook comes from. */
export interface AuditedWebhook {
  /** The connected ticketing system that it says it is of. */
  readonly system: string;
  /** The person whom its ticket names, once its signature was found to be right. */
  readonly requestedBy?: string;
}

const storage = new AsyncLocalStorage<Invocation>();

/** Runs an invocation; whatever it does, and nothing that others do at the same time, is observed as its doing. */
export function withInvocation<T>(invocation: () => T): T {
  return storage.run(newInvocation(), invocation);
}

/** What was observed so far of the invocation under way. */
export function currentInvocation(): Invocation {
  return storage.getStore() ?? newInvocation();
}

const newInvocation = (): Invocation => ({
  startedAt: performance.now(),
  upstreamCalls: 0,
  upstreamMillis: 0,
  devices: [],
  changes: new Set(),
});

/** Counts one request to AWS and takes its time. */
export async function upstream<T>(request: () => Promise<T>): Promise<T> {
  const current = storage.getStore();
  if (current === undefined) return request();
  const sentAt = performance.now();
  try {
    return await request();
  } finally {
    current.upstreamCalls += 1;
    current.upstreamMillis += performance.now() - sentAt;
  }
}
