import { describe, expect, it } from 'vitest';
import { proxySubject } from './proxy-identity';

const SETTINGS = { userHeader: 'x-forwarded-user', groupsHeader: 'x-forwarded-groups', secret: '' };
const TRUSTED = { isTrusted: () => true };
const subject = (headers: Readonly<Record<string, string>>, settings = SETTINGS, peers = TRUSTED) =>
  proxySubject(new Headers(headers), settings, peers);

describe('whom a proxy names', () => {
  it('is a person with groups', () => {
    expect(
      subject({ 'x-forwarded-user': ' alice ', 'x-forwarded-groups': 'team-a, team-b,,team-a' }),
    ).toEqual({
      user: 'alice',
      groups: ['team-a', 'team-b', 'system:authenticated'],
      extra: {},
    });
  });

  it('may have a name of any script', () => {
    const utf8 = Buffer.from('Zoë 李').toString('latin1');
    expect(subject({ 'x-forwarded-user': utf8 })).toMatchObject({ user: 'Zoë 李' });
    expect(subject({ 'x-forwarded-user': 'Zo\u00eb' })).toMatchObject({ user: 'Zoë' });
  });

  it('is never one of the cluster’s own', () => {
    expect(subject({ 'x-forwarded-user': 'system:admin' })).toHaveProperty('refused');
    const groups = 'system:masters, SYSTEM:masters, team-a';
    expect(subject({ 'x-forwarded-user': 'a', 'x-forwarded-groups': groups })).toMatchObject({
      groups: ['SYSTEM:masters', 'team-a', 'system:authenticated'],
    });
  });

  it.each([
    [{}, 'named nobody'],
    [{ 'x-forwarded-user': '  ' }, 'named nobody'],
    [{ 'x-forwarded-user': 'mallory, alice' }, 'more than one'],
    [{ 'x-forwarded-user': 'x'.repeat(600) }, 'no name of a person'],
    [{ 'x-forwarded-email': 'alice@example.com' }, 'named nobody'],
  ])('is nobody in %o', (headers, why) => {
    expect(subject(headers)).toEqual({ refused: expect.stringContaining(why) });
  });

  it('is nobody where the request comes from elsewhere, or without the secret', () => {
    const named = { 'x-forwarded-user': 'alice' };
    const elsewhere = { isTrusted: () => false };
    expect(subject(named, SETTINGS, elsewhere)).toEqual({
      refused: expect.stringContaining('ATLAS_PROXY_PEERS'),
    });
    const guarded = { ...SETTINGS, secret: 'a secret of the proxy' };
    expect(subject(named, guarded)).toEqual({ refused: expect.stringContaining('X-Atlas-Proxy-Secret') });
    const wrong = { ...named, 'x-atlas-proxy-secret': 'a secret of the prox' };
    expect(subject(wrong, guarded)).toHaveProperty('refused');
    expect(subject({ ...named, 'x-atlas-proxy-secret': 'a secret of the proxy' }, guarded)).toHaveProperty(
      'user',
    );
    expect(
      subject({ ...named, 'x-atlas-proxy-secret': 'a secret of the proxy' }, guarded, elsewhere),
    ).toHaveProperty('refused');
  });
});
