import { StandardRetryStrategy } from '@smithy/core/retry';

/** Retries what AWS throttled and nothing else: after any other failure nobody knows whether a code was used. */
class ThrottlingRetryStrategy extends StandardRetryStrategy {
  override refreshRetryTokenForRetry(
    ...[token, errorInfo]: Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (errorInfo.errorType !== 'THROTTLING') return Promise.reject(new Error('not tried again'));
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}

export const retryOnlyThrottling = (maxAttempts: number): StandardRetryStrategy =>
  new ThrottlingRetryStrategy(maxAttempts);
