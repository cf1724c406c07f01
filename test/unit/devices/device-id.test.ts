import { describe, expect, it } from 'vitest';
import {
  deviceIdOf,
  deviceKindOf,
  deviceNameOf,
  isOwnPath,
  serialNumberOf,
} from '../../../shared/devices/device-id.ts';

const alice = { partition: 'aws', accountId: '123456789012', userName: 'alice' };
const own = 'arn:aws:iam::123456789012:mfa/self-service/alice/phone';
const encoded = (serial: string) => `~${Buffer.from(serial).toString('base64url')}`;

describe('a device id', () => {
  it.each([
    [own, 'phone'],
    ['arn:aws:iam::123456789012:mfa/alice', encoded('arn:aws:iam::123456789012:mfa/alice')],
    [
      'arn:aws:iam::123456789012:mfa/self-service/bob/phone',
      encoded('arn:aws:iam::123456789012:mfa/self-service/bob/phone'),
    ],
    [
      'arn:aws:iam::123456789012:mfa/self-service/alice/a+b',
      encoded('arn:aws:iam::123456789012:mfa/self-service/alice/a+b'),
    ],
    [
      'arn:aws:iam::123456789012:u2f/user/alice/key-1',
      encoded('arn:aws:iam::123456789012:u2f/user/alice/key-1'),
    ],
    ['GAHT00000001', encoded('GAHT00000001')],
  ])('of %s is %s, and maps back to it', (serial, id) => {
    expect(deviceIdOf(alice, serial)).toBe(id);
    expect(serialNumberOf(alice, id)).toBe(serial);
  });

  it.each([
    ['a second spelling of an own device', encoded(own)],
    ['padding', `${encoded('GAHT00000001')}=`],
    ['stray bits', `${encoded('GAHT000000012').slice(0, -1)}Z`],
    ['a wildcard', encoded('arn:aws:iam::123456789012:mfa/*')],
    ['a variable', encoded('arn:aws:iam::123456789012:mfa/$x')],
    [
      'bytes that are not text',
      `~${Buffer.from([0xff, 0xfe, 0xfd, 0xfc, 0xfb, 0xfa, 0xf9, 0xf8, 0xf7]).toString('base64url')}`,
    ],
    ['too short a serial number', encoded('GAHT')],
    ['its mark twice', `~${encoded('GAHT00000001')}`],
  ])('with %s belongs to no one', (_, id) => {
    expect(() => serialNumberOf(alice, id)).toThrowError(
      expect.objectContaining({ code: 'device-not-found' }),
    );
  });

  it('tells users apart whose names start alike', () => {
    expect(isOwnPath({ ...alice, userName: 'ali' }, own)).toBe(false);
    expect(isOwnPath({ ...alice, userName: 'Alice' }, own)).toBe(false);
    expect(isOwnPath(alice, own)).toBe(true);
  });
});

describe('a device', () => {
  it.each([
    [own, 'virtual', 'phone'],
    ['arn:aws:iam::123456789012:mfa/alice', 'virtual', 'alice'],
    ['arn:aws:iam::123456789012:u2f/user/dora/key-1', 'fido', 'key-1'],
    ['GAHT00000001', 'hardware-totp', 'GAHT00000001'],
  ])('%s is of the kind %s and called %s', (serial, kind, name) => {
    expect(deviceKindOf(serial)).toBe(kind);
    expect(deviceNameOf(serial)).toBe(name);
  });
});
