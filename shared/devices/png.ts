import { crc32, deflateSync } from 'node:zlib';

/**
 * A PNG in black and white, one bit per pixel. Source: PNG specification, third edition.
 * @param rows of equal length; true is black
 */
export function blackAndWhitePng(rows: readonly (readonly boolean[])[]): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(rows[0]?.length ?? 0, 0);
  header.writeUInt32BE(rows.length, 4);
  // Bit depth 1. Greyscale, deflate, no filters and no interlacing are all 0.
  header[8] = 1;
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows.map(scanline)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A filter byte, then the pixels from the high bit down; a set bit is white. */
function scanline(row: readonly boolean[]): Buffer {
  const line = Buffer.alloc(1 + Math.ceil(row.length / 8));
  row.forEach((black, index) => {
    const at = 1 + (index >> 3);
    if (!black) line.writeUInt8(line.readUInt8(at) | (0x80 >> (index & 7)), at);
  });
  return line;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(typed.length + 8);
  framed.writeUInt32BE(data.length, 0);
  typed.copy(framed, 4);
  framed.writeUInt32BE(crc32(typed), typed.length + 4);
  return framed;
}
