import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { outputOf } from '../../support/output.ts';

it('puts together a character that comes in two chunks', async () => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = outputOf({ stdout, stderr });
  const bytes = Buffer.from('█');

  for (const stream of [stdout, stderr]) {
    stream.write(bytes.subarray(0, 1));
    stream.write(bytes.subarray(1));
  }

  await expect.poll(() => output).toEqual({ out: '█', err: '█' });
});
