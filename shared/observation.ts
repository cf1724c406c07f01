import { AsyncLocalStorage } from 'node:async_hooks';

/** What is learnt of one invocation while it runs, for its log line, its metrics and the audit. */
export interface Observation {
  /** Of `performance.now()`. */
  readonly startedAt: number;
  /** Requests sent to AWS, repeated ones included, and the sum of the time until they were answered. */
  upstreamCalls: number;
  upstreamMillis: number;
  /** Serial numbers of the devices that the request addresses. */
  devices: readonly string[];
  /** Names of the calls to IAM and STS that changed something, or may have. */
  readonly changes: Set<string>;
}

const storage = new AsyncLocalStorage<Observation>();

/** Runs an invocation; whatever it does, and nothing that others do at the same time, is observed as its doing. */
export function observed<T>(invocation: () => T): T {
  return storage.run(newObservation(), invocation);
}

/** What was observed so far of the invocation under way. */
export function observation(): Observation {
  return storage.getStore() ?? newObservation();
}

const newObservation = (): Observation => ({
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
