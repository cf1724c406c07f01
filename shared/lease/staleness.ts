import { clock } from '../lib/clock.ts';
import type { RecentChange } from './ports.ts';

/** How long, in milliseconds, IAM's lists may miss a change; IAM documents no limit. */
export const staleMillis = 300_000;

/** Seconds until all of the changes are forgotten, at least 1. */
export const secondsUntilStale = (changes: readonly Pick<RecentChange, 'at'>[]): number =>
  Math.max(1, ...changes.map(({ at }) => Math.ceil((at + staleMillis - clock.now()) / 1000)));
