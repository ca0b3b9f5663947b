import { describe, expect, it } from 'vitest';
import { isOwnName } from './own-name';

describe('the name that a request asks for', () => {
  const local = { host: '127.0.0.1', publicUrl: '' };
  it.each([
    'localhost:3000',
    '127.0.0.1',
    '127.9.9.9:1',
    '[::1]:3000',
    'LOCALHOST',
    'atlas.localhost:3000',
    null,
  ])('is ours: %s', (host) => expect(isOwnName(host, local)).toBe(true));

  it.each([
    'evil.example',
    'evil.example:3000',
    '127.0.0.1.evil.example',
    'localhost.evil.example',
    '10.0.0.1',
    '',
    '<',
    '[::1',
  ])('is a stranger’s: %s', (host) => expect(isOwnName(host, local)).toBe(false));

  it('may be the one that people use, or any where others can reach the dashboard', () => {
    const named = { host: '127.0.0.1', publicUrl: 'https://atlas.example.com/sub' };
    expect(isOwnName('atlas.example.com', named)).toBe(true);
    expect(isOwnName('other.example.com', named)).toBe(false);
    expect(isOwnName('other.example.com', { host: '0.0.0.0', publicUrl: '' })).toBe(true);
  });
});
