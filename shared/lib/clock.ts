/**
 * The product's one source of time, in milliseconds since the epoch. The local AWS replaces `now` so that
 * handlers follow the clock that its users move. Dates in signatures are real time and never come from here.
 */
export const clock = { now: (): number => Date.now() };
