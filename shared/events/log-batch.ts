import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { parseEvent } from '../lib/parse-event.ts';

/** What CloudWatch Logs invokes a function with. Source: CloudWatch Logs, subscription filters. */
const invocation = z.object({ awslogs: z.object({ data: z.string() }) });

const batch = z.object({
  messageType: z.string(),
  logGroup: z.string(),
  logEvents: z.array(z.object({ id: z.string(), message: z.string() })),
});

/** Lines of one log group. */
export interface LogBatch {
  readonly logGroup: string;
  readonly lines: readonly { readonly id: string; readonly message: string }[];
}

/** An asynchronous invocation brings a megabyte at most; what unpacks to more than this is none of CloudWatch Logs. */
const maximumBytes = 32 * 1024 * 1024;

/** Unpacks a batch. Without lines where CloudWatch Logs only tries whether it may deliver. Throws for anything else. */
export function unpackBatch(event: unknown): LogBatch {
  const packed = Buffer.from(parseEvent(invocation, event).awslogs.data, 'base64');
  const text = gunzipSync(packed, { maxOutputLength: maximumBytes }).toString();
  const { messageType, logGroup, logEvents } = parseEvent(batch, fromJson(text));
  if (messageType === 'CONTROL_MESSAGE') return { logGroup, lines: [] };
  if (messageType !== 'DATA_MESSAGE') throw new Error('CloudWatch Logs sent a message of an unknown type');
  return { logGroup, lines: logEvents };
}

/** The error of JSON.parse would quote the text. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('CloudWatch Logs sent a message that is not JSON');
  }
}
