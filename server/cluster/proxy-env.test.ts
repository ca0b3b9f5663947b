import { describe, expect, it } from 'vitest';
import { proxyFor } from './proxy-env';

const PROXY = 'http://proxy.corp:3128';
const by = (url: string, env: Record<string, string>) => proxyFor(new URL(url), env);

describe('the proxy of the environment', () => {
  it('is taken by the address’ scheme, in capitals or not', () => {
    expect(by('https://api.example:6443', { HTTPS_PROXY: PROXY })).toBe(PROXY);
    expect(by('https://api.example:6443', { https_proxy: PROXY })).toBe(PROXY);
    expect(by('https://api.example:6443', { HTTP_PROXY: PROXY })).toBe('');
    expect(by('http://api.example', { HTTP_PROXY: PROXY })).toBe(PROXY);
    expect(by('https://api.example', { HTTPS_PROXY: 'proxy.corp:3128' })).toBe(PROXY);
    expect(by('https://api.example', { HTTPS_PROXY: 'http://not a url' })).toBe('');
    expect(by('https://api.example', {})).toBe('');
  });

  it('is not for this machine', () => {
    for (const host of ['localhost', '127.0.0.1', '127.8.8.8', '[::1]'])
      expect(by(`https://${host}:6443`, { HTTPS_PROXY: PROXY })).toBe('');
  });

  it.each([
    ['*', 'api.example', true],
    ['api.example', 'api.example', true],
    ['example', 'api.example', true],
    ['example', 'badexample', false],
    ['.example', 'api.example', true],
    ['.example', 'example', false],
    ['*.example', 'api.example', true],
    ['API.Example', 'api.example', true],
    ['10.0.0.0/8', '10.9.8.7', true],
    ['10.0.0.0/8', '11.9.8.7', false],
    ['10.0.0.0/8', '10.example', false],
    ['10.9.8.7', '10.9.8.7', true],
    ['10.9.8.7', '110.9.8.7', false],
    ['fd00::/8', '[fd00::1]', true],
    ['api.example:6443', 'api.example', true],
    ['api.example:443', 'api.example', false],
    ['other, api.example ,more', 'api.example', true],
    [' , ,', 'api.example', false],
  ])('NO_PROXY=%s for %s: excepted %s', (noProxy, host, excepted) => {
    expect(by(`https://${host}:6443`, { HTTPS_PROXY: PROXY, NO_PROXY: noProxy })).toBe(excepted ? '' : PROXY);
    expect(by(`https://${host}:6443`, { HTTPS_PROXY: PROXY, no_proxy: noProxy })).toBe(excepted ? '' : PROXY);
  });
});
