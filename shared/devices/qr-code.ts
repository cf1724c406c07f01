import { create, toString as render } from 'qrcode';
import { blackAndWhitePng } from './png.ts';

/** Light modules around the code (ISO/IEC 18004). */
const quietZone = 4;
const errorCorrectionLevel = 'M';
/** Pixels of a PNG per module. */
const scale = 5;

/** QR code as a PNG of about 300 pixels. */
export function qrCodePng(text: string): Buffer {
  const repeat = <T>(values: readonly T[]): T[] => values.flatMap((value) => Array<T>(scale).fill(value));
  return blackAndWhitePng(repeat(modulesOf(text).map(repeat)));
}

/** QR code as a PNG in a data URL. */
export const qrCodeDataUrl = (text: string): string =>
  `data:image/png;base64,${qrCodePng(text).toString('base64')}`;

/** QR code as an SVG without a fixed size. */
export const qrCodeSvg = (text: string): Promise<string> =>
  render(text, { type: 'svg', errorCorrectionLevel, margin: quietZone });

/**
 * QR code in half blocks for a terminal. ANSI colours make it black on white in any theme. Lines end with LF.
 */
export function qrCodeTerminal(text: string): string {
  const modules = modulesOf(text);
  const lines: string[] = [];
  for (let row = 0; row < modules.length; row += 2) {
    const upper = modules[row] ?? [];
    const blocks = upper.map((black, column) => halfBlocks(black, modules[row + 1]?.[column] ?? false));
    lines.push(`\x1b[30;107m${blocks.join('')}\x1b[0m\n`);
  }
  return lines.join('');
}

function halfBlocks(upper: boolean, lower: boolean): string {
  if (upper) return lower ? '█' : '▀';
  return lower ? '▄' : ' ';
}

/** The code's modules with the quiet zone, by rows; true is dark. */
function modulesOf(text: string): boolean[][] {
  const { modules } = create(text, { errorCorrectionLevel });
  const side = modules.size + 2 * quietZone;
  return Array.from({ length: side }, (_row, y) =>
    Array.from({ length: side }, (_column, x) => isDark(modules, y - quietZone, x - quietZone)),
  );
}

const isDark = ({ size, data }: { size: number; data: Uint8Array }, row: number, column: number): boolean =>
  row >= 0 && row < size && column >= 0 && column < size && data[row * size + column] === 1;
