/** A time in milliseconds since the epoch, as recoveries have it. Source: RFC 3339. */
export const rfc3339 = (millis: number): string => new Date(millis).toISOString();

/** Whether there is such a time, and it is over. `now` is in milliseconds since the epoch. */
export const hasCome = (time: string | undefined, now: number): boolean =>
  time !== undefined && Date.parse(time) <= now;
