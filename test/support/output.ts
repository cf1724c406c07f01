import type { Readable } from 'node:stream';

/** The output of a process so far. */
export interface Output {
  out: string;
  err: string;
}

interface Writing {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** Collects a process's output, decoded as one stream since a character can span two chunks. */
export function outputOf({ stdout, stderr }: Writing): Output {
  const output: Output = { out: '', err: '' };
  stdout.setEncoding('utf8').on('data', (text: string) => {
    output.out += text;
  });
  stderr.setEncoding('utf8').on('data', (text: string) => {
    output.err += text;
  });
  return output;
}
