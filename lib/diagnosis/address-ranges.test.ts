import { expect, it } from 'vitest';
import { cdnOf, isPrivateAddress } from './address-ranges';

it.each([
  ['104.16.1.2', 'Cloudflare'],
  ['104.15.255.255', null],
  ['2606:4700::6810:102', 'Cloudflare'],
  ['151.101.1.1', 'Fastly'],
  ['203.0.113.10', null],
  ['lb.example.net', null],
  ['::', null],
  ['1::2::3', null],
  ['999.1.1.1', null],
])('%s is of %s', (address, name) => {
  expect(cdnOf(address)).toBe(name);
});

it.each([
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['100.127.1.1', true],
  ['fd00::1', true],
  ['::1', true],
  ['2001:db8::1', false],
  ['', false],
])('%s private: %s', (address, expected) => {
  expect(isPrivateAddress(address)).toBe(expected);
});
