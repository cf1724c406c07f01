import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { parseEvent } from '../lib/parse-event.ts';

/** The payload of a subscription. Source: CloudWatch Logs user guide, subscription filters. */
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

/** An asynchronous invocation carries at most 1 MB; CloudWatch Logs sends nothing that unpacks to more than this. */
const maximumBytes = 32 * 1024 * 1024;

/** Unpacks a batch; a test message of CloudWatch Logs yields one without lines. Throws for anything else. */
export function unpackBatch(event: unknown): LogBatch {
  const packed = Buffer.from(parseEvent(invocation, event).awslogs.data, 'base64');
  const text = gunzipSync(packed, { maxOutputLength: maximumBytes }).toString();
  const { messageType, logGroup, logEvents } = parseEvent(batch, fromJson(text));
  if (messageType === 'CONTROL_MESSAGE') return { logGroup, lines: [] };
  if (messageType !== 'DATA_MESSAGE') throw new Error('CloudWatch Logs sent a message of an unknown type');
  return { logGroup, lines: logEvents };
}

/** Hides the error of JSON.parse, which quotes the text. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('CloudWatch Logs sent a message that is not JSON');
  }
}
