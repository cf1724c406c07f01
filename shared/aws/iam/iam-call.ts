import type {
  $Command,
  IAMClient,
  IAMClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-iam';
import { awsCall, type Meanings } from '../aws-call.ts';

type IamCommand<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = $Command<
  Input,
  Output,
  IAMClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes
>;

/** Sends a command to IAM. Error codes have the given meanings, or else those of every call. */
export type IamCall = <Input extends ServiceInputTypes, Output extends ServiceOutputTypes, Answer = never>(
  command: IamCommand<Input, Output>,
  meanings?: Meanings<Output | Answer>,
) => Promise<Output | Answer>;

/** Calls with one client's credentials, until the signal aborts. */
export const iamCall =
  (iam: IAMClient, abortSignal: AbortSignal): IamCall =>
  (command, meanings) =>
    awsCall(() => iam.send(command, { abortSignal }), meanings);
