/** Milliseconds until STS sees a change in IAM: measured at 8 to 14 seconds; AWS guarantees nothing. */
export const propagationMillis = 15_000;
