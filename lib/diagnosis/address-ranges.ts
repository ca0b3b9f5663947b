/** Ranges of addresses: private ones, and those of content delivery networks. */

/**
 * As of 2026-11-23, from copies of the networks' lists in public repositories, not from the lists themselves: Cloudflare
 * whole, of Fastly and CloudFront the large blocks only. Ranges age: what is not listed is merely not known, and a user
 * may declare more.
 */
const CDN: readonly (readonly [name: string, ranges: readonly string[]])[] = [
  [
    'Cloudflare',
    [
      '173.245.48.0/20',
      '103.21.244.0/22',
      '103.22.200.0/22',
      '103.31.4.0/22',
      '141.101.64.0/18',
      '108.162.192.0/18',
      '190.93.240.0/20',
      '188.114.96.0/20',
      '197.234.240.0/22',
      '198.41.128.0/17',
      '162.158.0.0/15',
      '104.16.0.0/13',
      '104.24.0.0/14',
      '172.64.0.0/13',
      '131.0.72.0/22',
      '2400:cb00::/32',
      '2606:4700::/32',
      '2803:f800::/32',
      '2405:b500::/32',
      '2405:8100::/32',
      '2a06:98c0::/29',
      '2c0f:f248::/32',
    ],
  ],
  ['Fastly', ['151.101.0.0/16', '199.232.0.0/16', '146.75.0.0/17', '2a04:4e40::/32', '2a04:4e42::/32']],
  [
    'CloudFront',
    ['13.32.0.0/15', '13.224.0.0/14', '18.64.0.0/14', '99.84.0.0/16', '143.204.0.0/16', '2600:9000::/28'],
  ],
];

/** RFC 1918, shared (RFC 6598), loopback, link-local, and their IPv6 kin (RFC 4193). */
const PRIVATE = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

interface Address {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

function parse(text: string): Address | null {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const parts = text.split('.').map(Number);
    if (parts.some((part) => part > 255)) return null;
    return { bits: 32, value: parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n) };
  }
  return parseSix(text);
}

function parseSix(text: string): Address | null {
  if (!/^[\da-f:]{2,39}$/i.test(text) || !text.includes(':')) return null;
  const [head = '', tail, more] = text.split('::');
  if (more !== undefined) return null;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  if (zeros < 0) return null;
  const parts = [...left, ...Array<string>(zeros).fill('0'), ...right];
  if (parts.length !== 8 || parts.some((part) => !/^[\da-f]{1,4}$/i.test(part))) return null;
  return { bits: 128, value: parts.reduce((sum, part) => sum * 65_536n + BigInt(`0x${part}`), 0n) };
}

function isWithin(address: Address, range: string): boolean {
  const [base = '', length = ''] = range.split('/');
  const start = parse(base);
  if (start?.bits !== address.bits) return false;
  const shift = BigInt(address.bits - Number(length));
  return start.value >> shift === address.value >> shift;
}

/** Name of the content delivery network that an address belongs to; null for any other, and for what is no address. */
export function cdnOf(text: string): string | null {
  const address = parse(text);
  if (!address) return null;
  return CDN.find(([, ranges]) => ranges.some((range) => isWithin(address, range)))?.[0] ?? null;
}

/** Whether an address is of no use outside its own network. */
export function isPrivateAddress(text: string): boolean {
  const address = parse(text);
  return address !== null && PRIVATE.some((range) => isWithin(address, range));
}
