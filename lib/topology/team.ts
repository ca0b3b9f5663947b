import type { Labels } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { object } from './reads';

/** Labels (or annotations) by which people name who owns something, the plainest first. */
const TEAM_KEYS = ['team', 'app.kubernetes.io/team', 'owner', 'app.kubernetes.io/part-of'];

function named(labels: Labels): string {
  for (const key of TEAM_KEYS) {
    const value = labels[key];
    if (value !== undefined && value !== '') return value;
  }
  return '';
}

/** The team that an object's label names, else its namespace's; empty where neither does. */
export function teamOf(
  read: Reader,
  { namespace, labels }: { readonly namespace: string; readonly labels: Labels },
): string {
  const own = named(labels);
  if (own !== '') return own;
  const home = object(read, 'namespaces', objectKey('', namespace));
  return home ? named(home.labels) : '';
}
