import 'server-only';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import {
  ENVIRONMENT_RULES_ALLOWED,
  type EnvironmentRule,
  parseEnvironmentRule,
} from '@/lib/topology/environment';
import {
  AUTH_SETTINGS,
  type AuthMode,
  authProblems,
  SECRET_SETTINGS,
  type SignInSettings,
  signInOf,
} from './auth/settings';
import { DATABASE_ALLOWED, defaultDatabaseUrl, parseDatabaseUrl } from './recorder/database-url';
import { DEFAULT_RETENTION, parseRetention, RETENTION_ALLOWED, type Retention } from './recorder/retention';
import { items, listOf, oneOf, readBy } from './setting-schemas';

/** All settings of the dashboard, from environment variables (CONTRACT, "Settings"). Empty ones count as not set. */
export interface Config {
  readonly port: number;
  readonly host: string;
  /** Path list of kubeconfig files and of folders of them; empty: `~/.kube/config`. */
  readonly kubeconfig: string;
  /** Contexts of the kubeconfig, one for each cluster; empty: the current one (or the service account, in a cluster). */
  readonly contexts: readonly string[];
  /** What clusters are for, where their names don't tell; the first rule that matches a name holds. */
  readonly environments: readonly EnvironmentRule[];
  /** Namespaces to read; empty: all. */
  readonly namespaces: readonly string[];
  readonly secrets: 'get' | 'watch' | 'off';
  readonly dns: boolean;
  /** `ADDRESS` or `ADDRESS:PORT`; empty: the system's servers. */
  readonly dnsServers: readonly string[];
  /** Addresses, ranges or names in front of the cluster, lower case. */
  readonly knownAddresses: readonly string[];
  /** Where history is kept: `sqlite:PATH`, `postgres://…`, `off` or `off:WHY`. May hold a password. */
  readonly database: string;
  readonly retention: Retention;
  readonly auth: AuthMode;
  readonly signIn: SignInSettings;
  /** Without trailing slash; empty: not known. */
  readonly publicUrl: string;
  /** The pod that this runs in, `NS/NAME`; empty: none, or not told. */
  readonly pod: string;
  /** Whether chat programs may show snapshots whose authors allow it. */
  readonly publicPreview: boolean;
  /** Path of an exported snapshot that is shown in place of a cluster; empty: none. */
  readonly snapshotFile: string;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
}

/** Settings that stop the start; the message has one line for each, with name, value and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

const LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;
const HOST_NAME = /^(\*\.)?([a-z0-9_]([-a-z0-9_]{0,61}[a-z0-9])?\.)*[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.?$/i;

/** `1.2.3.4`, `1.2.3.4:53`, `::1` or `[::1]:53`. */
export function isDnsServer(value: string): boolean {
  if (isIP(value) !== 0) return true;
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value);
  if (match === null) return false;
  const port = Number(match[3]);
  return isIP(match[1] ?? match[2] ?? '') === (match[1] === undefined ? 4 : 6) && port > 0 && port < 65_536;
}

function isKnownAddress(value: string): boolean {
  return (
    ipaddr.isValid(value) || ipaddr.isValidCIDR(value) || (HOST_NAME.test(value) && !/^[\d.]+$/.test(value))
  );
}

function isPublicUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, search, hash } = new URL(value);
  return (protocol === 'https:' || protocol === 'http:') && `${username}${password}${search}${hash}` === '';
}

function isPodName(value: string): boolean {
  return value === '' || (value.length < 254 && value.split('.').every((part) => LABEL.test(part)));
}

/** `PATTERN=ENVIRONMENT`, comma-separated. */
function environments() {
  const allowed = `a comma-separated list of ${ENVIRONMENT_RULES_ALLOWED}`;
  return z
    .string()
    .default('')
    .transform((value, context): readonly EnvironmentRule[] =>
      items(value).flatMap((item) => {
        const rule = parseEnvironmentRule(item);
        if (rule) return [rule];
        context.addIssue({
          code: 'custom',
          message: `${JSON.stringify(item)} is no rule; allowed: ${allowed}`,
        });
        return [];
      }),
    );
}

const settings = z.object({
  PORT: z
    .string()
    .default('3000')
    .refine(
      (value) => /^\d{1,5}$/.test(value) && Number(value) < 65_536,
      'allowed: 0 (any free port) to 65535',
    )
    .transform(Number),
  HOST: z
    .string()
    .optional()
    .refine(
      (value) => value === undefined || isIP(value) !== 0 || HOST_NAME.test(value),
      'allowed: an IP address or a host name',
    ),
  KUBECONFIG: z.string().default(''),
  ATLAS_CONTEXTS: listOf('a context name', (item) => item.length < 254),
  ATLAS_ENVIRONMENTS: environments(),
  ATLAS_NAMESPACES: listOf('a namespace name (lower-case letters, digits and hyphens)', (item) =>
    LABEL.test(item),
  ),
  ATLAS_SECRETS: oneOf(['get', 'watch', 'off'], 'get'),
  ATLAS_DNS: oneOf(['on', 'off'], 'on'),
  ATLAS_DNS_SERVERS: listOf(
    'an IP address with or without port (10.96.0.10, 1.1.1.1:53, [::1]:53)',
    isDnsServer,
  ),
  ATLAS_KNOWN_ADDRESSES: listOf('an IP address, a range (203.0.113.0/24) or a host name', isKnownAddress),
  DATABASE_URL: readBy(DATABASE_ALLOWED, parseDatabaseUrl).optional(),
  ATLAS_RETENTION: readBy(RETENTION_ALLOWED, parseRetention).optional(),
  ...AUTH_SETTINGS,
  ATLAS_AUTH_NONE_IS_FINE: oneOf(['true', 'false'], 'false'),
  ATLAS_PUBLIC_URL: z
    .string()
    .default('')
    .refine(
      (value) => value === '' || isPublicUrl(value),
      'allowed: an http or https URL without credentials, query or fragment',
    ),
  POD_NAME: z
    .string()
    .default('')
    .refine(isPodName, 'allowed: the name of a pod, as the downward API gives it'),
  POD_NAMESPACE: z
    .string()
    .default('')
    .refine((value) => value === '' || LABEL.test(value), 'allowed: a namespace name'),
  ATLAS_PUBLIC_PREVIEW: oneOf(['true', 'false'], 'false'),
  ATLAS_SNAPSHOT_FILE: z.string().default(''),
  LOG_LEVEL: oneOf(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'info'),
});

/** A value for an error message: cut, and without a password that stands in a URL. */
function shown(name: string, value: string | undefined): string {
  if (value === undefined) return 'not set';
  if (SECRET_SETTINGS.has(name)) return '(not shown)';
  return JSON.stringify(value.replace(/(:\/\/)[^/@\s]*@/g, '$1…@').slice(0, 120));
}

/** Whether a server bound to this host can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  if (!ipaddr.isValid(host)) return false;
  return ipaddr.process(host).range() === 'loopback';
}

/** Reads and checks all settings; throws {@link ConfigError} with every wrong one. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => (env[name]?.trim() ? [[name, env[name].trim()]] : [])),
  );
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map(
        ({ path, message }) =>
          `${String(path[0])}=${shown(String(path[0]), env[String(path[0])])}: ${message}`,
      ),
    );
  }
  const { data } = parsed;
  const host = data.HOST ?? (env.KUBERNETES_SERVICE_HOST ? '0.0.0.0' : '127.0.0.1');
  if (data.ATLAS_AUTH === 'none' && !isLoopback(host) && data.ATLAS_AUTH_NONE_IS_FINE !== 'true') {
    throw new ConfigError([
      `ATLAS_AUTH="none": refused on HOST=${shown('HOST', host)}, which others can reach: everyone there would see the whole cluster. ` +
        'Allowed: HOST=127.0.0.1, ATLAS_AUTH=proxy, oidc or kubernetes, or ATLAS_AUTH_NONE_IS_FINE=true where something in front keeps strangers out',
    ]);
  }
  const publicUrl = data.ATLAS_PUBLIC_URL.replace(/\/+$/, '');
  const problems = authProblems(data, publicUrl);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    port: data.PORT,
    host,
    kubeconfig: data.KUBECONFIG,
    contexts: data.ATLAS_CONTEXTS,
    environments: data.ATLAS_ENVIRONMENTS,
    namespaces: data.ATLAS_NAMESPACES,
    secrets: data.ATLAS_SECRETS,
    dns: data.ATLAS_DNS === 'on',
    dnsServers: data.ATLAS_DNS_SERVERS,
    knownAddresses: data.ATLAS_KNOWN_ADDRESSES.map((address) => address.toLowerCase()),
    database: data.DATABASE_URL ?? defaultDatabaseUrl(env),
    retention: data.ATLAS_RETENTION ?? DEFAULT_RETENTION,
    auth: data.ATLAS_AUTH,
    signIn: signInOf(data),
    publicUrl,
    pod: data.POD_NAME && data.POD_NAMESPACE ? `${data.POD_NAMESPACE}/${data.POD_NAME}` : '',
    publicPreview: data.ATLAS_PUBLIC_PREVIEW === 'true',
    snapshotFile: data.ATLAS_SNAPSHOT_FILE,
    logLevel: data.LOG_LEVEL,
  };
}
