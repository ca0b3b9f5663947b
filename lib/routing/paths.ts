/** Whether a rule's path takes a request's path: by the Ingress spec, or by what its controller makes of it. */
import type { Dialect, PathReading } from './dialect';
import { regexMatches } from './regex';

/** `unknown`: the controller's reading is not verified, or its engine would have to be asked. */
export type Match = boolean | 'unknown';

export interface PathRule {
  readonly path: string;
  readonly pathType: string;
}

/** `/`-separated elements, case sensitive; a trailing slash does not count (Ingress v1, PathTypePrefix). */
export function prefixMatches(prefix: string, path: string): boolean {
  const base = prefix.replace(/\/$/, '');
  return path === base || path.startsWith(`${base}/`);
}

const STAR = /\*$/;

function globMatches(glob: string, path: string): boolean {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(path);
}

/** GCE: `/foo/*` is the subtree; whether it takes `/foo` itself is not verified (SEMANTICS 2.6). */
function gceMatches(written: string, path: string): Match {
  if (written === '' || written === '/*') return true;
  if (!written.endsWith('/*')) return written === path;
  const base = written.slice(0, -2);
  return path === base ? 'unknown' : path.startsWith(`${base}/`);
}

function istioMatches(written: string, path: string): boolean {
  if (['', '*', '/*', '.*'].includes(written)) return true;
  if (written.endsWith('/*')) return prefixMatches(written.slice(0, -2), path);
  return written.endsWith('.*') ? path.startsWith(written.slice(0, -2)) : written === path;
}

const READERS: Readonly<Record<PathReading, (written: string, path: string) => Match>> = {
  segments: prefixMatches,
  text: (written, path) => path.startsWith(written),
  'text-any-case': (written, path) => path.toLowerCase().startsWith(written.toLowerCase()),
  'text-or-bare': (written, path) => path.startsWith(written) || `${path}/` === written,
  'alb-glob': globMatches,
  'gce-glob': gceMatches,
  'star-glob': (written, path) =>
    written === '/' || (STAR.test(written) ? path.startsWith(written.slice(0, -1)) : written === path),
  istio: istioMatches,
  contour: (written, path) =>
    /[\^+*[\]%]/.test(written) ? regexMatches(written, path, false) : path.startsWith(written),
  kong: (written, path) =>
    written.startsWith('/~') ? regexMatches(written.slice(2), path, false) : path.startsWith(written),
  regex: (written, path) => regexMatches(written, path, false),
};

/** Prefix where its reading is not verified: certain only where both readings agree. */
function eitherPrefix(written: string, path: string): Match {
  const byElements = prefixMatches(written, path);
  return byElements === path.startsWith(written) ? byElements : 'unknown';
}

/**
 * Whether a rule takes a request's path (without query, starting with `/`). `regexMode`: ingress-nginx turns every path of
 * a host into an expression that ignores case, `~* "^PATH"`, whatever its pathType, once one Ingress of that host has
 * use-regex or rewrite-target (location.go enforceRegexModifier, v1.15.1).
 */
export function pathMatches(rule: PathRule, path: string, dialect: Dialect, regexMode = false): Match {
  if (regexMode) return regexMatches(rule.path, path, true);
  if (rule.pathType === 'Exact') return rule.path === path;
  const reading = rule.pathType === 'Prefix' ? dialect.prefix : dialect.free;
  if (reading) return READERS[reading](rule.path, path);
  return rule.pathType === 'Prefix' ? eitherPrefix(rule.path, path) : 'unknown';
}

/** Annotations that switch ingress-nginx' regex mode on, for every path of the hosts that the Ingress names. */
export function usesRegex(annotations: Readonly<Record<string, string>>): boolean {
  const prefix = 'nginx.ingress.kubernetes.io/';
  if (annotations[`${prefix}canary`] === 'true') return false;
  return annotations[`${prefix}use-regex`] === 'true' || rewriteTarget(annotations) !== null;
}

/** ingress-nginx' rewrite target; null where it is not set. */
export function rewriteTarget(annotations: Readonly<Record<string, string>>): string | null {
  return annotations['nginx.ingress.kubernetes.io/rewrite-target'] || null;
}
