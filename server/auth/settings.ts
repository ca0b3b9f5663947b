import 'server-only';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { listOf, oneOf, readBy } from '@/server/setting-schemas';

const AUTH_MODES = ['none', 'proxy', 'oidc', 'kubernetes'] as const;

/** Who says who asks. */
export type AuthMode = (typeof AUTH_MODES)[number];

/** How a trusted proxy says who asks; header names in lower case. */
export interface ProxySettings {
  readonly userHeader: string;
  readonly groupsHeader: string;
  /** What its header X-Atlas-Proxy-Secret must hold; empty: its address is enough. */
  readonly secret: string;
}

/** The OpenID provider, and how its claims become the names that the cluster's RBAC knows. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Empty: a public client, which has PKCE only. */
  readonly clientSecret: string;
  readonly scopes: string;
  readonly userClaim: string;
  readonly groupsClaim: string;
  readonly userPrefix: string;
  readonly groupsPrefix: string;
  /** Path of a PEM file; empty: the authorities that Node knows. */
  readonly caFile: string;
}

/** All that signing in needs. */
export interface SignInSettings {
  /** Of 32 bytes each: the first seals, all open. Empty: one at random for this process. */
  readonly sessionKeys: readonly Uint8Array[];
  /** Ranges of the proxies in front of the dashboard: only what comes from there is believed about who asks from where. */
  readonly proxyPeers: readonly string[];
  readonly proxy: ProxySettings;
  /** null in every other mode. */
  readonly oidc: OidcSettings | null;
  /** Whether /metrics is for everybody who can reach it. */
  readonly metricsOpen: boolean;
}

/** Settings whose value no message may show. */
export const SECRET_SETTINGS: ReadonlySet<string> = new Set([
  'ATLAS_OIDC_CLIENT_SECRET',
  'ATLAS_PROXY_SECRET',
  'ATLAS_SESSION_KEY',
]);

const KEY_ALLOWED = '32 random bytes in base64 or hex, several separated by commas (openssl rand -base64 32)';

/** 32 bytes written as base64, base64url or hex; null: anything else. */
function readKey(text: string): Uint8Array | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (!/^[\w+/-]{43}=?$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 ? bytes : null;
}

function readKeys(text: string): readonly Uint8Array[] | null {
  const keys = text.split(',').map((key) => readKey(key.trim()));
  // A key of one repeated byte is an example that somebody copied.
  return keys.every((key) => key !== null && new Set(key).size > 8) ? (keys as Uint8Array[]) : null;
}

const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;
const headerName = (otherwise: string) =>
  z
    .string()
    .default(otherwise)
    .refine((name) => HEADER_NAME.test(name), 'allowed: the name of an HTTP header')
    .transform((name) => name.toLowerCase());

function isRange(item: string): boolean {
  return ipaddr.isValid(item) || ipaddr.isValidCIDR(item);
}

/** OpenID Connect Discovery 1.0, 3: https, no query, no fragment; plain http only for a provider on this machine. */
function isIssuer(value: string): boolean {
  const url = URL.parse(value);
  if (!url || `${url.search}${url.hash}${url.username}${url.password}` !== '') return false;
  const isLocal = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal);
}

/** The environment variables of signing in. */
export const AUTH_SETTINGS = {
  ATLAS_AUTH: oneOf(AUTH_MODES, 'none'),
  ATLAS_SESSION_KEY: readBy(KEY_ALLOWED, readKeys).optional(),
  ATLAS_PROXY_PEERS: listOf('an IP address or a range (10.0.0.0/8)', isRange),
  ATLAS_PROXY_USER_HEADER: headerName('X-Forwarded-User'),
  ATLAS_PROXY_GROUPS_HEADER: headerName('X-Forwarded-Groups'),
  ATLAS_PROXY_SECRET: z
    .string()
    .default('')
    .refine(
      (value) => value === '' || /^[!-~]{16,500}$/.test(value),
      'allowed: 16 to 500 printable characters',
    ),
  ATLAS_OIDC_ISSUER: z
    .string()
    .default('')
    .refine(
      (value) => value === '' || isIssuer(value),
      'allowed: an https URL without query or fragment, as the provider names itself',
    ),
  ATLAS_OIDC_CLIENT_ID: z.string().default(''),
  ATLAS_OIDC_CLIENT_SECRET: z.string().default(''),
  ATLAS_OIDC_SCOPES: z
    .string()
    .default('openid profile email groups')
    .refine(
      (value) => value.split(/\s+/).includes('openid') && /^[!-~ ]+$/.test(value),
      'allowed: scopes separated by spaces, "openid" among them',
    ),
  ATLAS_OIDC_USER_CLAIM: z.string().default('email'),
  ATLAS_OIDC_GROUPS_CLAIM: z.string().default('groups'),
  ATLAS_OIDC_USER_PREFIX: z.string().default(''),
  ATLAS_OIDC_GROUPS_PREFIX: z.string().default(''),
  ATLAS_OIDC_CA_FILE: z.string().default(''),
  ATLAS_METRICS_OPEN: oneOf(['true', 'false'], 'false'),
};

const schema = z.object(AUTH_SETTINGS);
type AuthValues = z.output<typeof schema>;

/** What is wrong with settings that are each allowed, but not together; a line for each. */
export function authProblems(data: AuthValues, publicUrl: string): string[] {
  const mode = data.ATLAS_AUTH;
  const missing = (name: string, what: string) =>
    `${name}=not set: ATLAS_AUTH=${JSON.stringify(mode)} needs it; allowed: ${what}`;
  if (mode === 'proxy' && data.ATLAS_PROXY_PEERS.length === 0)
    return [
      missing(
        'ATLAS_PROXY_PEERS',
        'addresses or ranges that the proxy connects from (10.0.3.7, 10.0.0.0/24)',
      ),
    ];
  const everybody = data.ATLAS_PROXY_PEERS.find((range) => range.endsWith('/0'));
  if (mode === 'proxy' && everybody !== undefined && data.ATLAS_PROXY_SECRET === '')
    return [
      `ATLAS_PROXY_PEERS=${JSON.stringify(everybody)}: everybody could say who they are; allowed: smaller ranges, or ATLAS_PROXY_SECRET besides`,
    ];
  if (mode !== 'oidc') return [];
  return [
    data.ATLAS_OIDC_ISSUER === '' ? missing('ATLAS_OIDC_ISSUER', 'the https URL of the provider') : '',
    data.ATLAS_OIDC_CLIENT_ID === ''
      ? missing('ATLAS_OIDC_CLIENT_ID', 'the id that the provider knows us by')
      : '',
    publicUrl === ''
      ? missing('ATLAS_PUBLIC_URL', 'the URL that people use; the provider sends them back there')
      : '',
  ].filter((line) => line !== '');
}

/** The settings of signing in, from values that were checked. */
export function signInOf(data: AuthValues): SignInSettings {
  return {
    sessionKeys: data.ATLAS_SESSION_KEY ?? [],
    proxyPeers: data.ATLAS_PROXY_PEERS,
    proxy: {
      userHeader: data.ATLAS_PROXY_USER_HEADER,
      groupsHeader: data.ATLAS_PROXY_GROUPS_HEADER,
      secret: data.ATLAS_PROXY_SECRET,
    },
    oidc: data.ATLAS_AUTH === 'oidc' ? oidcOf(data) : null,
    metricsOpen: data.ATLAS_METRICS_OPEN === 'true',
  };
}

function oidcOf(data: AuthValues): OidcSettings {
  return {
    issuer: data.ATLAS_OIDC_ISSUER,
    clientId: data.ATLAS_OIDC_CLIENT_ID,
    clientSecret: data.ATLAS_OIDC_CLIENT_SECRET,
    scopes: data.ATLAS_OIDC_SCOPES,
    userClaim: data.ATLAS_OIDC_USER_CLAIM,
    groupsClaim: data.ATLAS_OIDC_GROUPS_CLAIM,
    userPrefix: data.ATLAS_OIDC_USER_PREFIX,
    groupsPrefix: data.ATLAS_OIDC_GROUPS_PREFIX,
    caFile: data.ATLAS_OIDC_CA_FILE,
  };
}
