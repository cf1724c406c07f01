import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';

/** The earliest time that a zip can have, in whichever zone: zips have local times. */
const always = new Date(1980, 0, 1);

/** A zip with one file, readable by everybody. The same content gives the same bytes, whenever and wherever. */
export async function zipOf(path: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  // Without its extra field, which has the time in UTC as well.
  zip.addBuffer(content, path, { mtime: always, forceDosTimestamp: true, mode: 0o100644 });
  zip.end();
  return buffer(zip.outputStream);
}
