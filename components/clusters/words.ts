/** How a cluster stands and what it is for, in words and colours. Pure. */
import type { Environment } from '@/lib/topology/environment';
import type { Status } from '@/lib/topology/model';
import type { ClusterEntry } from '@/lib/wire/clusters';

/** Colours of environments; the word always stands beside. */
export const ENVIRONMENT_BAR: Readonly<Record<Environment, string>> = {
  production: 'bg-broken',
  staging: 'bg-warning',
  development: 'bg-ok',
  other: 'bg-pending',
};

export const ENVIRONMENT_TEXT: Readonly<Record<Environment, string>> = {
  production: 'text-broken',
  staging: 'text-warning',
  development: 'text-ok',
  other: 'text-pending',
};

const CONNECTION: Readonly<Record<ClusterEntry['connection'], string>> = {
  connecting: 'connecting',
  live: '',
  stale: 'stale',
  unauthorized: 'not let in',
  unreachable: 'unreachable',
};

export interface Standing {
  readonly status: Status;
  readonly words: string;
}

/** What a switcher says of a cluster. What is not known is not called well. */
export function standingOf({ connection, broken, degraded }: ClusterEntry): Standing {
  const line = CONNECTION[connection];
  if (broken === null || degraded === null) return { status: 'unknown', words: line || 'being read' };
  const hosts = [broken > 0 ? `${broken} broken` : '', degraded > 0 ? `${degraded} degraded` : ''];
  const said = [...hosts, line].filter((word) => word !== '').join(' · ');
  const status = broken > 0 ? 'broken' : degraded > 0 ? 'degraded' : line === '' ? 'ok' : 'unknown';
  return { status, words: said || 'no fault found' };
}
