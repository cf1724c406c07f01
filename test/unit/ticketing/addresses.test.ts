import { describe, expect, it } from 'vitest';
import { isLoopback, reachOf } from '../../../shared/ticketing/addresses.ts';

describe('an address', () => {
  it.each([
    '1.1.1.1',
    '52.94.0.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '169.253.255.255',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2606:4700::1111',
    '2a05:d000::1',
    '2001:4860:4860::8888',
  ])('is public: %s', (address) => {
    expect(reachOf(address)).toBe('public');
  });

  it.each([
    '10.0.0.0',
    '10.255.255.255',
    '100.64.0.0',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.255',
    '172.16.0.0',
    '172.31.255.255',
    '192.168.0.0',
    '192.168.255.255',
    '::1',
    '0:0:0:0:0:0:0:1',
    'fc00::1',
    'fdff:ffff::1',
  ])('is internal: %s', (address) => {
    expect(reachOf(address)).toBe('private');
  });

  it.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['metadata of EC2', '169.254.169.254'],
    ['credentials of a task', '169.254.170.2'],
    ['link-local', '169.254.255.255'],
    ['protocols', '192.0.0.1'],
    ['documentation', '192.0.2.1'],
    ['documentation', '198.51.100.1'],
    ['documentation', '203.0.113.1'],
    ['benchmarks', '198.19.255.255'],
    ['relays of 6to4', '192.88.99.1'],
    ['multicast', '224.0.0.1'],
    ['multicast', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified', '::'],
    ['IPv4 loopback in IPv6', '::ffff:127.0.0.1'],
    ['IPv4 metadata in IPv6', '::ffff:169.254.169.254'],
    ['the same in hex', '::ffff:a9fe:a9fe'],
    ['a public IPv4 in IPv6', '::ffff:1.1.1.1'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['NAT64 of metadata', '64:ff9b::a9fe:a9fe'],
    ['local NAT64', '64:ff9b:1::1'],
    ['link-local', 'fe80::1'],
    ['link-local with its interface', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast', 'ff02::1'],
    ['discard', '100::1'],
    ['Teredo', '2001::1'],
    ['documentation', '2001:db8::1'],
    ['6to4 of a private address', '2002:a00:1::1'],
    ['documentation', '3fff::1'],
    ['no address', 'localhost'],
    ['an address in octal', '0177.0.0.1'],
    ['nothing', ''],
  ])('is forbidden: %s, %s', (_what, address) => {
    expect(reachOf(address)).toBe('none');
  });

  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['10.0.0.1', false],
    ['::ffff:127.0.0.1', false],
  ])('%s is loopback: %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
  });
});
