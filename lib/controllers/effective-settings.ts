/** What is in force at a controller: its ConfigMap over its arguments over its defaults. */
import type { ConfigMap, Workload } from '@/lib/kube/objects';
import { maskArguments } from '@/lib/kube/project/secrecy';
import { controllerContainer } from './config-maps';
import type { ControllerType } from './types';

export type SettingGroup = 'TLS' | 'timeouts' | 'body size' | 'logging' | 'redirects' | 'custom';

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** `ConfigMap NS/NAME`, `argument` or `default`. */
  readonly from: string;
  readonly group: SettingGroup;
}

type Default = readonly [group: SettingGroup, value: string];

/**
 * kubernetes/ingress-nginx, the same through 1.x; what changed between releases (hsts-max-age, snippets, the risk level) is
 * left out: internal/ingress/controller/config/config.go, docs/user-guide/nginx-configuration/configmap.md.
 */
const INGRESS_NGINX: Readonly<Record<string, Default>> = {
  'ssl-protocols': ['TLS', 'TLSv1.2 TLSv1.3'],
  hsts: ['TLS', 'true'],
  'hsts-include-subdomains': ['TLS', 'true'],
  'hsts-preload': ['TLS', 'false'],
  'ssl-redirect': ['redirects', 'true'],
  'force-ssl-redirect': ['redirects', 'false'],
  'http-redirect-code': ['redirects', '308'],
  'proxy-connect-timeout': ['timeouts', '5'],
  'proxy-read-timeout': ['timeouts', '60'],
  'proxy-send-timeout': ['timeouts', '60'],
  'keep-alive': ['timeouts', '75'],
  'client-header-timeout': ['timeouts', '60'],
  'client-body-timeout': ['timeouts', '60'],
  'proxy-body-size': ['body size', '1m'],
  'client-body-buffer-size': ['body size', '8k'],
  'client-header-buffer-size': ['body size', '1k'],
  'large-client-header-buffers': ['body size', '4 8k'],
  'proxy-buffer-size': ['body size', '4k'],
  'proxy-buffering': ['body size', 'off'],
  'disable-access-log': ['logging', 'false'],
  'error-log-level': ['logging', 'notice'],
  'log-format-escape-json': ['logging', 'false'],
  'use-forwarded-headers': ['custom', 'false'],
  'use-proxy-protocol': ['custom', 'false'],
  'custom-http-errors': ['custom', ''],
};

const DEFAULTS: Readonly<Partial<Record<ControllerType, Readonly<Record<string, Default>>>>> = {
  'ingress-nginx': INGRESS_NGINX,
};

const WORDS: readonly (readonly [SettingGroup, RegExp])[] = [
  ['TLS', /ssl|tls|hsts|cipher|certificate/],
  ['redirects', /redirect/],
  ['timeouts', /time-?out|keep-?alive/],
  ['body size', /body|buffer/],
  ['logging', /log|^v$/],
];

/** Of the admission webhook, which no traffic meets. */
const NO_TRAFFIC = /webhook/;

function groupOf(name: string): SettingGroup {
  if (NO_TRAFFIC.test(name.toLowerCase())) return 'custom';
  return WORDS.find(([, words]) => words.test(name.toLowerCase()))?.[0] ?? 'custom';
}

const LONGEST = 300;
const MOST = 200;

function shown(value: string): string {
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
}

export interface SettingsSource {
  readonly type: ControllerType;
  readonly workload: Workload;
  /** The ConfigMaps that it reads its settings from, later ones first in force. */
  readonly configMaps: readonly ConfigMap[];
  /** Some ConfigMap cannot be read: then no default is certain. */
  readonly incomplete: boolean;
}

/** Settings by group and name. Where a ConfigMap cannot be read, only what is certain. */
export function effectiveSettings(source: SettingsSource): readonly Setting[] {
  const found = new Map<string, Setting>();
  const defaults = DEFAULTS[source.type] ?? {};
  if (!source.incomplete)
    for (const [name, [group, value]] of Object.entries(defaults))
      found.set(name, { name, value, from: 'default', group });
  for (const { name, value } of argumentsOf(source.workload))
    found.set(`--${name}`, {
      name: `--${name}`,
      value: shown(value),
      from: 'argument',
      group: groupOf(name),
    });
  for (const map of source.configMaps)
    for (const [name, value] of Object.entries(map.data)) {
      const group = Object.hasOwn(defaults, name) ? (defaults[name]?.[0] ?? 'custom') : groupOf(name);
      found.set(name, { name, value: shown(value), from: `ConfigMap ${map.namespace}/${map.name}`, group });
    }
  return [...found.values()]
    .sort((a, b) => compare(a.group, b.group) || compare(a.name, b.name))
    .slice(0, MOST);
}

/** Flags as they are given, credentials masked; `--flag value` and `--flag=value` alike. */
function argumentsOf(workload: Workload): readonly { readonly name: string; readonly value: string }[] {
  const words = maskArguments(controllerContainer(workload)?.args.words ?? []);
  return words.flatMap((word, index) => {
    const match = /^--?([A-Za-z][^=\s]*)(?:=([\s\S]*))?$/.exec(word);
    if (!match?.[1]) return [];
    const next = words[index + 1];
    const value = match[2] ?? (next !== undefined && !next.startsWith('-') ? next : 'true');
    return [{ name: match[1], value }];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
