import QRCode from 'qrcode';

const options = { errorCorrectionLevel: 'M', margin: 4 } as const;

/** QR code as a PNG of about 300 pixels. */
export const qrCodePng = (text: string): Promise<Buffer> => QRCode.toBuffer(text, { ...options, scale: 5 });

/** QR code as a PNG in a data URL. */
export const qrCodeDataUrl = async (text: string): Promise<string> =>
  `data:image/png;base64,${(await qrCodePng(text)).toString('base64')}`;

export const qrCodeSvg = (text: string): Promise<string> =>
  QRCode.toString(text, { ...options, type: 'svg' });

/** QR code for a terminal: ANSI colours make it dark on light whatever the terminal's theme. */
export const qrCodeTerminal = (text: string): Promise<string> =>
  QRCode.toString(text, { ...options, type: 'terminal', small: true });
