import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from './config';

const problems = (env: Record<string, string>): string => {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
};

describe('where history is kept', () => {
  it('is a folder of the user, a volume in a cluster, or nowhere, which is said', () => {
    const of = (env: Record<string, string>) => loadConfig(env).database;
    expect(of({ HOME: '/home/me' })).toBe('sqlite:/home/me/.local/state/ingress-atlas/history.sqlite');
    expect(of({ HOME: '/home/me', XDG_STATE_HOME: '/state' })).toBe(
      'sqlite:/state/ingress-atlas/history.sqlite',
    );
    expect(of({})).toContain('off:');
    expect(of({ DATABASE_URL: 'off' })).toBe('off');
    expect(of({ DATABASE_URL: 'sqlite:/a/b.sqlite' })).toBe('sqlite:/a/b.sqlite');
    expect(of({ DATABASE_URL: 'sqlite:///a/b.sqlite' })).toBe('sqlite:/a/b.sqlite');
    expect(of({ DATABASE_URL: 'postgres://u:p@h:5432/d' })).toBe('postgres://u:p@h:5432/d');
  });

  it.each(['sqlite:', 'mysql://h/d', 'postgres://u:secret@/d', 'postgres://u:secret@h', '/a/path'])(
    'is refused as %s, without telling a password',
    (value) => {
      const message = problems({ DATABASE_URL: value });
      expect(message).toContain('DATABASE_URL=');
      expect(message).toContain('sqlite:PATH');
      expect(message).not.toContain('secret');
    },
  );

  it('is limited by age and size', () => {
    const of = (text: string) => loadConfig({ ATLAS_RETENTION: text }).retention;
    expect(loadConfig({}).retention).toEqual({ ageMs: 14 * 86_400_000, bytes: 1e9 });
    expect(of('7d')).toEqual({ ageMs: 7 * 86_400_000, bytes: 1e9 });
    expect(of('36h,2GB')).toEqual({ ageMs: 36 * 3_600_000, bytes: 2e9 });
    expect(of('500MB, 2w')).toEqual({ ageMs: 14 * 86_400_000, bytes: 5e8 });
    for (const wrong of ['7', '7y', '1m', '1MB', '7d,8d', '-1d', '7d;2GB', 'forever'])
      expect(problems({ ATLAS_RETENTION: wrong })).toContain('14d, 36h, 2GB');
  });
});

const KEY = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64');

describe('settings', () => {
  it('have the documented defaults, and an empty variable counts as not set', () => {
    const expected = {
      port: 3000,
      host: '127.0.0.1',
      contexts: [],
      namespaces: [],
      secrets: 'get',
      dns: true,
      dnsServers: [],
      auth: 'none',
      publicUrl: '',
      logLevel: 'info',
    };
    expect(loadConfig({})).toMatchObject(expected);
    expect(
      loadConfig({ PORT: '', HOST: ' ', ATLAS_SECRETS: '', ATLAS_NAMESPACES: '', ATLAS_DNS: '' }),
    ).toMatchObject(expected);
  });

  it('are read', () => {
    expect(
      loadConfig({
        PORT: '0',
        ATLAS_CONTEXTS: 'a, b',
        ATLAS_ENVIRONMENTS: 'a=staging, *prod*=production',
        ATLAS_NAMESPACES: 'shop,pay,shop',
        ATLAS_SECRETS: 'watch',
        ATLAS_DNS: 'off',
        ATLAS_DNS_SERVERS: '10.96.0.10,[::1]:5353,127.0.0.1:53',
        ATLAS_KNOWN_ADDRESSES: '203.0.113.0/24,2001:db8::1,CDN.example.com',
        ATLAS_PUBLIC_URL: 'https://atlas.example/x/',
        LOG_LEVEL: 'debug',
      }),
    ).toMatchObject({
      port: 0,
      contexts: ['a', 'b'],
      environments: [
        { pattern: 'a', environment: 'staging' },
        { pattern: '*prod*', environment: 'production' },
      ],
      namespaces: ['shop', 'pay'],
      secrets: 'watch',
      dns: false,
      dnsServers: ['10.96.0.10', '[::1]:5353', '127.0.0.1:53'],
      knownAddresses: ['203.0.113.0/24', '2001:db8::1', 'cdn.example.com'],
      publicUrl: 'https://atlas.example/x',
      logLevel: 'debug',
    });
  });

  it.each([
    ['PORT', '70000', '0 (any free port) to 65535'],
    ['PORT', 'http', '0 (any free port) to 65535'],
    ['HOST', 'not a host', 'an IP address or a host name'],
    ['ATLAS_NAMESPACES', 'shop,Bad_One', '"Bad_One" is not a namespace name'],
    ['ATLAS_ENVIRONMENTS', 'eu=red', '"eu=red" is no rule; allowed: '],
    ['ATLAS_SECRETS', 'list', 'get, watch, off'],
    ['ATLAS_DNS', 'yes', 'on, off'],
    ['ATLAS_DNS_SERVERS', 'dns.example', 'an IP address'],
    ['ATLAS_DNS_SERVERS', '1.1.1.1:99999', 'an IP address'],
    ['ATLAS_KNOWN_ADDRESSES', '999.1.1.1', 'an IP address, a range'],
    ['ATLAS_AUTH_NONE_IS_FINE', 'yes', 'true, false'],
    ['ATLAS_PUBLIC_URL', 'javascript:alert(1)', 'an http or https URL'],
    ['LOG_LEVEL', 'loud', 'fatal, error, warn'],
  ])('a wrong %s stops the start with its name, its value and what is allowed', (name, value, allowed) => {
    const message = problems({ [name]: value });
    expect(message).toContain(`${name}=${JSON.stringify(value)}`);
    expect(message).toContain(allowed);
  });

  it('all wrong ones are told at once', () => {
    expect(problems({ PORT: 'x', LOG_LEVEL: 'x' }).split('\n')).toHaveLength(2);
  });

  it('a password in a wrong value is not printed', () => {
    expect(problems({ ATLAS_PUBLIC_URL: 'https://me:hunter2@x' })).not.toContain('hunter2');
  });

  it.each([
    [{ ATLAS_AUTH: 'password' }, 'allowed: none, proxy, oidc, kubernetes'],
    [{ ATLAS_AUTH: 'proxy' }, 'ATLAS_PROXY_PEERS=not set'],
    [{ ATLAS_AUTH: 'proxy', ATLAS_PROXY_PEERS: '10.0.0.0/33' }, 'an IP address or a range'],
    [{ ATLAS_AUTH: 'proxy', ATLAS_PROXY_PEERS: '0.0.0.0/0' }, 'everybody could say who they are'],
    [{ ATLAS_AUTH: 'proxy', ATLAS_PROXY_PEERS: '::/0' }, 'ATLAS_PROXY_SECRET besides'],
    [{ ATLAS_PROXY_USER_HEADER: 'X User' }, 'the name of an HTTP header'],
    [{ ATLAS_AUTH: 'oidc' }, 'ATLAS_OIDC_ISSUER=not set'],
    [{ ATLAS_AUTH: 'oidc' }, 'ATLAS_OIDC_CLIENT_ID=not set'],
    [{ ATLAS_AUTH: 'oidc' }, 'ATLAS_PUBLIC_URL=not set'],
    [{ ATLAS_OIDC_ISSUER: 'http://idp.example' }, 'an https URL'],
    [{ ATLAS_OIDC_ISSUER: 'https://idp.example/?x=1' }, 'an https URL'],
    [{ ATLAS_OIDC_SCOPES: 'profile' }, '"openid" among them'],
    [{ ATLAS_SESSION_KEY: 'secret' }, '32 random bytes in base64 or hex'],
    [{ ATLAS_SESSION_KEY: '0'.repeat(64) }, '32 random bytes in base64 or hex'],
    [{ ATLAS_SESSION_KEY: `${KEY},short` }, '32 random bytes in base64 or hex'],
    [{ ATLAS_METRICS_OPEN: 'yes' }, 'allowed: true, false'],
  ])('settings of signing in that cannot be so are refused: %o', (env, allowed) => {
    expect(problems(env)).toContain(allowed);
  });

  it.each([
    [{ ATLAS_SESSION_KEY: 'hunter2' }],
    [{ ATLAS_PROXY_SECRET: 'hunter2' }],
    [{ ATLAS_SESSION_KEY: `${KEY},hunter2` }],
  ])('a wrong secret is not printed: %o', (env) => {
    expect(problems(env)).toContain('(not shown)');
    expect(problems(env)).not.toContain('hunter2');
  });

  it('of signing in are read', () => {
    const { auth, signIn, host } = loadConfig({
      HOST: '0.0.0.0',
      ATLAS_AUTH: 'oidc',
      ATLAS_PUBLIC_URL: 'https://atlas.example/',
      ATLAS_OIDC_ISSUER: 'https://idp.example/realms/one',
      ATLAS_OIDC_CLIENT_ID: 'atlas',
      ATLAS_SESSION_KEY: `${KEY}, ${Buffer.from(KEY, 'base64').reverse().toString('hex')}`,
      ATLAS_PROXY_PEERS: '10.0.0.0/8,::1',
    });
    expect({ auth, host }).toEqual({ auth: 'oidc', host: '0.0.0.0' });
    expect(signIn.sessionKeys.map((key) => key.length)).toEqual([32, 32]);
    expect(signIn.proxyPeers).toEqual(['10.0.0.0/8', '::1']);
    expect(signIn.oidc).toMatchObject({
      issuer: 'https://idp.example/realms/one',
      clientSecret: '',
      userClaim: 'email',
      groupsClaim: 'groups',
    });
    expect(loadConfig({}).signIn).toMatchObject({
      oidc: null,
      metricsOpen: false,
      proxy: { userHeader: 'x-forwarded-user', groupsHeader: 'x-forwarded-groups', secret: '' },
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'atlas.example'])('no authentication is refused on %s', (host) => {
    expect(problems({ HOST: host })).toContain('ATLAS_AUTH_NONE_IS_FINE=true');
    expect(loadConfig({ HOST: host, ATLAS_AUTH_NONE_IS_FINE: 'true' }).host).toBe(host);
  });

  it.each(['127.0.0.1', '127.8.8.8', '::1', 'localhost', '::ffff:127.0.0.1'])(
    'no authentication is fine on %s',
    (host) => {
      expect(loadConfig({ HOST: host }).host).toBe(host);
    },
  );

  it('in a cluster the default host is every interface, so that authentication has to be thought of', () => {
    expect(problems({ KUBERNETES_SERVICE_HOST: '10.96.0.1' })).toContain('0.0.0.0');
  });
});

it('the pod that it runs in is known by name and namespace together, and a wrong one stops the start', () => {
  expect(loadConfig({ POD_NAME: 'atlas-0', POD_NAMESPACE: 'tools' }).pod).toBe('tools/atlas-0');
  for (const env of [{}, { POD_NAME: 'atlas-0' }, { POD_NAMESPACE: 'tools' }])
    expect(loadConfig(env).pod).toBe('');
  expect(() => loadConfig({ POD_NAME: 'Atlas/0', POD_NAMESPACE: 'tools' })).toThrow(
    'POD_NAME="Atlas/0": allowed:',
  );
  expect(() => loadConfig({ POD_NAME: 'atlas-0', POD_NAMESPACE: 'a.b' })).toThrow(
    'POD_NAMESPACE="a.b": allowed:',
  );
});
