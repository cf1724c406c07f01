/** Milliseconds since the epoch in the form that recoveries use. */
export const rfc3339 = (millis: number): string => new Date(millis).toISOString();

/** Whether a time is set and has been reached. `now` is in milliseconds since the epoch. */
export const hasCome = (time: string | undefined, now: number): boolean =>
  time !== undefined && Date.parse(time) <= now;
