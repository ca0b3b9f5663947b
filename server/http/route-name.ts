import 'server-only';

const KNOWN = new Set([
  'checklist',
  'diff',
  'findings',
  'history',
  'marks',
  'objects',
  'openapi.json',
  'snapshots',
  'stream',
  'topology',
]);
const OWN = new Set(['go', 'healthz', 'metrics', 'readyz']);

/**
 * What a request asks for, for logs and metrics: never the rest of its path, which names objects of the cluster, or is
 * the id of a snapshot and with it the right to see it.
 */
export function routeName(pathname: string): string {
  const [first = '', second = '', third = ''] = pathname.split('/').slice(1);
  if (first !== 'api') return OWN.has(first) ? first : 'other';
  return second === 'v1' && KNOWN.has(third) ? third : 'other';
}
