import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** The earliest time that a zip can have: the same content gives the same bytes whenever it is made. */
const always = new Date(Date.UTC(1980, 0, 1));

/** A zip with one file, readable by everybody. */
export async function zipOf(path: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  // Without its extra field, a time has no time zone of the machine.
  zip.addBuffer(content, path, { mtime: always, forceDosTimestamp: true, mode: 0o100644 });
  zip.end();
  return buffer(zip.outputStream);
}
