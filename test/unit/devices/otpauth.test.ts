import jsqr from 'jsqr';
import { URI } from 'otpauth';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { otpauthUri } from '../../../shared/devices/otpauth.ts';
import { qrCodeDataUrl, qrCodePng, qrCodeSvg, qrCodeTerminal } from '../../../shared/devices/qr-code.ts';

const seed = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
const uri = otpauthUri(seed, { issuer: 'AWS & Söhne', label: 'a+b=c,d@123456789012 (phone 1)' });

const blackOnWhite = '\x1b[30;107m';

function read(png: Buffer): string | undefined {
  const { data, width, height } = PNG.sync.read(png);
  return jsqr.default(new Uint8ClampedArray(data), width, height)?.data;
}

describe('the otpauth URI', () => {
  it('is read correctly by an authenticator', () => {
    const device = URI.parse(uri);

    expect(device).toMatchObject({
      issuer: 'AWS & Söhne',
      label: 'a+b=c,d@123456789012 (phone 1)',
      algorithm: 'SHA1',
      digits: 6,
      period: 30,
    });
    expect(device.secret.base32).toBe(seed);
  });
});

describe('the QR code', () => {
  it('is dark on light, with four light modules around it', () => {
    const { data, width, height } = PNG.sync.read(qrCodePng(uri));
    const isLight = (module: number) => {
      const pixel = module * 5 + 2;
      return data[(pixel * width + pixel) * 4] === 255;
    };

    expect(width).toBe(height);
    expect([0, 1, 2, 3, 4].map(isLight)).toEqual([true, true, true, true, false]);
  });

  it('has an odd number of rows, so that in a terminal the last one has nothing below it', () => {
    const lines = qrCodeTerminal(uri).trimEnd().split('\n');
    const last = lines.at(-1) ?? '';

    expect(last.slice(blackOnWhite.length, -'\x1b[0m'.length).trim()).toBe('');
    expect(lines).toHaveLength(Math.ceil(PNG.sync.read(qrCodePng(uri)).height / 5 / 2));
  });

  it('shows the URI as PNG and in a data URL', () => {
    const [scheme, data] = qrCodeDataUrl(uri).split(',');

    expect(scheme).toBe('data:image/png;base64');
    expect(read(Buffer.from(data ?? '', 'base64'))).toBe(uri);
    expect(read(qrCodePng(uri))).toBe(uri);
  });

  it('shows the URI in a terminal, black on white in every theme', () => {
    const lines = qrCodeTerminal(uri).trimEnd().split('\n');

    expect(lines.every((line) => line.startsWith(blackOnWhite) && line.endsWith('\x1b[0m'))).toBe(true);
    expect(read(screenshot(lines))).toBe(uri);
  });

  it('comes as SVG', async () => {
    expect(await qrCodeSvg(uri)).toMatch(/^<svg .*<path .*<\/svg>\s*$/s);
  });
});

/** What a terminal draws from half blocks in black on white, as a PNG. */
function screenshot(lines: readonly string[]): Buffer {
  const scale = 4;
  const rows = lines.map((line) => [...line.slice(blackOnWhite.length, -'\x1b[0m'.length)]);
  const modules = rows.flatMap((row) => [
    row.map((block) => '▀█'.includes(block)),
    row.map((block) => '▄█'.includes(block)),
  ]);
  const png = new PNG({ width: (modules[0]?.length ?? 0) * scale, height: modules.length * scale });
  for (let index = 0; index < png.width * png.height; index += 1) {
    const column = Math.floor((index % png.width) / scale);
    const row = Math.floor(index / png.width / scale);
    png.data.fill(modules[row]?.[column] ? 0 : 255, index * 4, index * 4 + 3);
    png.data[index * 4 + 3] = 255;
  }
  return PNG.sync.write(png);
}
