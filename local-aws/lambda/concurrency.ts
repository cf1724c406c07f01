import { AwsError } from '../aws/aws-error.ts';

/** Counts the invocations of functions that are running, and limits them to the functions' reserved concurrency. */
export class Concurrency {
  readonly #running = new Map<string, number>();

  /** Throws TooManyRequestsException if the function has no execution left. */
  async run<Result>(
    functionName: string,
    reserved: number | undefined,
    invoke: () => Promise<Result>,
  ): Promise<Result> {
    const running = this.#running.get(functionName) ?? 0;
    if (reserved !== undefined && running >= reserved) {
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
    this.#running.set(functionName, running + 1);
    try {
      return await invoke();
    } finally {
      this.#running.set(functionName, (this.#running.get(functionName) ?? 1) - 1);
    }
  }
}

export const isThrottled = (error: unknown): boolean =>
  error instanceof AwsError && error.code === 'TooManyRequestsException';
