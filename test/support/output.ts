import type { Readable } from 'node:stream';

/** What a process has written so far. */
export interface Output {
  out: string;
  err: string;
}

interface Writing {
  readonly stdout: Readable;
  readonly stderr: Readable;
}

/** Collects what a process writes. Decoded as one stream, since a character may be split between two chunks. */
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
