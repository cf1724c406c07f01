/** How long, in milliseconds, IAM's lists may miss a change; IAM documents no limit. */
export const staleMillis = 300_000;
