import { IAMServiceException } from '@aws-sdk/client-iam';
import { STSServiceException } from '@aws-sdk/client-sts';
import { ProblemError } from '../clients/typescript/src/index.ts';
import type { Facts } from './console-printer.ts';

/** How a step was refused. */
export interface Refusal {
  readonly status: number;
  /** A problem's code, or the name of AWS's error. */
  readonly code: string;
  readonly words: string;
  readonly facts: Facts;
}

/** The refusal that an error of the API or of AWS stands for; undefined for any other error. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof ProblemError) {
    const { status, code, detail, retryAfter, resyncMayHelp, maxAgeSeconds } = error;
    return { status, code, words: detail, facts: { detail, retryAfter, resyncMayHelp, maxAgeSeconds } };
  }
  if (error instanceof IAMServiceException || error instanceof STSServiceException) {
    const { name: code, message, $metadata } = error;
    return { status: $metadata.httpStatusCode ?? 0, code, words: message, facts: { message } };
  }
  return undefined;
}
