import { AsyncLocalStorage } from 'node:async_hooks';

/** What is observed during an invocation, for its log line, its metrics and the audit. */
export interface Invocation {
  /** From `performance.now()`. */
  readonly startedAt: number;
  /** Requests to AWS, retries included, and the sum of their response times. */
  upstreamCalls: number;
  upstreamMillis: number;
  /** Serial numbers of the devices that the request addresses. */
  devices: readonly string[];
  /** Calls to IAM and STS, and writes of recoveries, that changed something or may have. */
  readonly changes: Set<string>;
  /** The recovery that the request or the change belongs to. */
  recovery?: AuditedRecovery;
  /** The webhook, if one made the request. */
  webhook?: AuditedWebhook;
}

/**
 * What the audit records of a recovery: never the evidence, which may be personal. For a change of a device, only the
 * recovery's id is known.
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
  readonly removedDevices?:
    | readonly { readonly serialNumber: string; readonly addedSinceRequest: boolean }[]
    | undefined;
}

/** The origin of a webhook. */
export interface AuditedWebhook {
  /** The connected ticketing system that it claims to come from. */
  readonly system: string;
  /** The person named in its ticket, once the signature is verified. */
  readonly requestedBy?: string;
}

const storage = new AsyncLocalStorage<Invocation>();

/** Runs an invocation and observes what it does, and nothing that others do at the same time. */
export function withInvocation<T>(invocation: () => T): T {
  return storage.run(newInvocation(), invocation);
}

/** What has been observed of the current invocation so far. */
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

/** Counts and times one request to AWS. */
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
