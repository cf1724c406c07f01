/** Milliseconds until STS sees what changed in IAM; seen are 8 to 14 seconds, AWS promises nothing. */
export const propagationMillis = 15_000;
