import { BlockList, isIPv4 } from 'node:net';

/** IPv4 networks that are neither public nor private. Source: IANA, IPv4 special-purpose address registry. */
const specialV4 = listOf('ipv4', [
  '0.0.0.0/8',
  '169.254.0.0/16',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]);

/** Networks that companies use internally, and loopback. */
const privateV4 = listOf('ipv4', [
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
]);

/** All public IPv6 addresses, apart from those for protocols and documentation and those that embed an IPv4 address. */
const globalV6 = listOf('ipv6', ['2000::/3']);
const specialV6 = listOf('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']);
const privateV6 = listOf('ipv6', ['::1/128', 'fc00::/7']);

function listOf(family: 'ipv4' | 'ipv6', networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

/** What an IP address reaches: the internet, the internal network, or nothing that a request may be sent to. */
export type Reach = 'public' | 'private' | 'none';

export function reachOf(address: string): Reach {
  if (isIPv4(address)) {
    if (privateV4.check(address)) return 'private';
    return specialV4.check(address) ? 'none' : 'public';
  }
  if (privateV6.check(address, 'ipv6')) return 'private';
  return globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6') ? 'public' : 'none';
}

export const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';
