import type { MediaType } from '../contract/operation.ts';
import type { Enrolment } from '../devices/enrolment.ts';
import { qrCodeDataUrl, qrCodePng, qrCodeSvg, qrCodeTerminal } from '../devices/qr-code.ts';
import { Media } from './response.ts';

/** A new device as JSON with its QR code in a data URL, or as the QR code alone. */
export async function representEnrolment(
  enrolment: Enrolment,
  media: MediaType | undefined,
): Promise<Media | (Enrolment & { qrCode: string })> {
  const { otpauthUri } = enrolment;
  switch (media) {
    case 'image/png':
      return new Media(media, qrCodePng(otpauthUri));
    case 'image/svg+xml':
      return new Media(media, await qrCodeSvg(otpauthUri));
    case 'text/plain':
      return new Media(media, qrCodeTerminal(otpauthUri));
    default:
      return { ...enrolment, qrCode: qrCodeDataUrl(otpauthUri) };
  }
}
