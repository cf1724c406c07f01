import { StandardRetryStrategy } from '@smithy/core/retry';

/** Retries only what AWS throttled: after any other failure, the call may have had its effect. */
class ThrottlingRetryStrategy extends StandardRetryStrategy {
  override refreshRetryTokenForRetry(
    ...[token, errorInfo]: Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (errorInfo.errorType !== 'THROTTLING') return Promise.reject(new Error('not retried'));
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}

export const retryOnlyThrottling = (maxAttempts: number): StandardRetryStrategy =>
  new ThrottlingRetryStrategy(maxAttempts);
