import type * as z from 'zod/mini';

/** What the document says of a member or parameter, by its name, or by its schema's name, a dot and its name. */
export interface Field {
  readonly description: string;
  /** Left out where the schema itself tells the value. */
  readonly example?: unknown;
  /** Of a parameter whose text the contract turns into a value of another type. */
  readonly schema?: z.core.JSONSchema.BaseSchema;
}

export const fields: Readonly<Record<string, Field>> = {
  accessKeyId: { description: 'Begins with ASIA.', example: 'ASIAIOSFODNN7EXAMPLE' },
  accountId: { description: 'The AWS account of the API and its users.', example: '123456789012' },
  active: { description: 'How many devices are active, of every kind.', example: 1 },
  base32Seed: {
    description: 'The seed, in base32. It is shown once.',
    example: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
  },
  code1: { description: 'A code of the device.', example: '287082' },
  code2: { description: 'The code that the device shows next.', example: '359152' },
  cursor: { description: 'Where to go on: `next` of the page before.', example: 'eyJvIjoxMDB9.c2lnbmF0dXJl' },
  deviceId: {
    description: "A device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  enabledAt: { description: 'When it was enabled; only of active devices.', example: '2026-11-02T09:15:00Z' },
  expiration: { description: 'When the session ends.', example: '2026-11-02T21:15:30Z' },
  expiresAt: {
    description: 'When it is deleted unless it is enabled before; only of pending devices.',
    example: '2026-11-02T10:10:00Z',
  },
  id: {
    description: "The device's id: its name, or ~ and the base64url of its serial number.",
    example: 'phone',
  },
  items: { description: 'What was found.' },
  key: { description: 'Key of a tag, once for each that is to be taken off.', example: 'department' },
  kind: { description: 'What it is. FIDO keys show no codes, so that they cannot be enabled here.' },
  label: { description: 'What you call the device.', example: 'The old phone' },
  limit: {
    description: 'How many there may be on the page.',
    example: 100,
    schema: { type: 'integer', minimum: 1, maximum: 1000, default: 100 },
  },
  mfa: { description: 'How many MFA devices you have.' },
  name: { description: "The device's name.", example: 'phone' },
  next: {
    description: 'Where the list goes on, as `cursor`; not on its last page.',
    example: 'eyJvIjoxMDB9.c2lnbmF0dXJl',
  },
  openapi: { description: 'Version of the OpenAPI specification.', example: '3.1.0' },
  otpauthUri: {
    description:
      'What the QR code says: the seed with issuer and label, for authenticator apps. It is shown once.',
    example: 'otpauth://totp/AWS:alice%40123456789012%20(phone)?secret=JBSWY3DPEHPK3PXP&issuer=AWS',
  },
  pending: { description: 'How many devices you have created here and not enabled yet.', example: 0 },
  presignedUrl: {
    description:
      'A GET of STS GetSessionToken with SerialNumber and TokenCode, signed in its query by the key that signs this call.',
    example:
      'https://sts.us-east-1.amazonaws.com/?Action=GetSessionToken&Version=2011-06-15&SerialNumber=arn%3Aaws%3Aiam' +
      '%3A%3A123456789012%3Amfa%2Fself-service%2Falice%2Fphone&TokenCode=287082&X-Amz-Algorithm=AWS4-HMAC-SHA256&…',
  },
  qrCode: {
    description: 'A PNG as data URL. It is shown once.',
    example: 'data:image/png;base64,iVBORw0KGgo…',
  },
  replaces: {
    description: 'Id of the device that is deactivated and deleted once this one is active.',
    example: 'old-phone',
  },
  secretAccessKey: {
    description: 'Of the session only.',
    example: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  },
  serialNumber: {
    description: 'As AWS has it: an ARN, or what is printed on a hardware token.',
    example: 'arn:aws:iam::123456789012:mfa/self-service/alice/phone',
  },
  'EnableHardwareMfaDevice.serialNumber': {
    description: 'What is printed on the token.',
    example: 'GAHT12345678',
  },
  serverTime: { description: 'To see whether your clock is right.', example: '2026-11-02T09:14:30Z' },
  sessionToken: {
    description: 'To be sent with every request of the session.',
    example: 'IQoJb3JpZ2luX2VjE…',
  },
  status: { description: 'Whether it is enabled.' },
  'GetHealthOutput.status': { description: 'It answers.' },
  stepUpMaxAgeSeconds: { description: 'How long a session with MFA counts as recent.', example: 900 },
  stsEndpoint: {
    description: 'Where to sign a GetSessionToken request for.',
    example: 'https://sts.us-east-1.amazonaws.com',
  },
  tags: {
    description: "The owner's tags; those of the service are not among them.",
    example: { department: 'finance' },
  },
  usableForSessionsFrom: {
    description: 'From when on STS accepts its codes.',
    example: '2026-11-02T09:15:15Z',
  },
  userArn: { description: 'Your ARN, with your path.', example: 'arn:aws:iam::123456789012:user/team/alice' },
  userName: { description: 'Your user name.', example: 'alice' },
};

/** Members that examples of these schemas do not have, or have with another value. */
export const exampleOf: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  CreatedDevice: { enabledAt: undefined, status: 'pending' },
  Device: { expiresAt: undefined, status: 'active' },
  DeviceSummary: { status: 'active' },
  EnabledDevice: { status: 'active' },
};
