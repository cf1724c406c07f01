/** Where the local AWS puts its own clock before it loads a function, whose bundle has a copy of this module. */
const localClock: (() => number) | undefined = Reflect.get(globalThis, Symbol.for('mfa-self-service.clock'));

/**
 * The product's one source of time, in milliseconds since the epoch. In the local AWS handlers follow the clock that
 * its users move. Dates in signatures are real time and never come from here.
 */
export const clock = { now: localClock ?? ((): number => Date.now()) };
