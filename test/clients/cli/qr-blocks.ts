import jsqr from 'jsqr';

/** Pixels per module of the code. */
const scale = 4;

/** Decodes a QR code drawn black on white with half blocks. */
export function readBlocks(lines: readonly string[]): string | undefined {
  const rows = lines.flatMap((line) => [
    [...line].map((block) => block === '█' || block === '▀'),
    [...line].map((block) => block === '█' || block === '▄'),
  ]);
  const width = Math.max(0, ...rows.map((row) => row.length)) * scale;
  const height = rows.length * scale;
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const black = rows[Math.floor(y / scale)]?.[Math.floor(x / scale)] === true;
      if (black) pixels.fill(0, (y * width + x) * 4, (y * width + x) * 4 + 3);
    }
  }
  return width === 0 ? undefined : jsqr.default(pixels, width, height)?.data;
}
