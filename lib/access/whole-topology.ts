/** Whether all of a topology that somebody else has seen may be seen: it is shown whole or not at all. */
import type { Ref } from '@/lib/kube/refs';
import { kindOf } from '@/lib/topology/chains';
import type { Finding, Topology, TopologyNode } from '@/lib/topology/model';
import { namespaceOfId, namespaceOfRef, ownersOf } from './owners';
import { stringsIn } from './words';

type Items = Pick<Topology, 'nodes' | 'edges' | 'findings'>;

interface Eyes {
  readonly namespaces: ReadonlySet<string>;
  readonly isClean: (text: string) => boolean;
}

/** Whether nothing in a topology is of a namespace that may not be seen; in slices. Groups that hold several namespaces are not judged: no. */
export function* isWhollySeen({ nodes, edges, findings }: Items, eyes: Eyes): Generator<void, boolean> {
  const ends = ({ source, target }: Topology['edges'][number]) => [source, target].map(namespaceOfId);
  return (
    (yield* areSeen(nodes, namespacesOfNode, eyes)) &&
    (yield* areSeen(edges, ends, eyes)) &&
    (yield* areSeen(findings, namespacesOfFinding, eyes))
  );
}

/** @param of the namespaces that an item names; null: several, of which it does not say which. */
function* areSeen<T>(
  items: readonly T[],
  of: (item: T) => readonly (string | null)[],
  { namespaces, isClean }: Eyes,
): Generator<void, boolean> {
  let n = 0;
  for (const item of items) {
    if (!of(item).every((name) => name === '' || (name !== null && namespaces.has(name)))) return false;
    if (![...stringsIn(item)].every(isClean)) return false;
    if (++n % 64 === 0) yield;
  }
  return true;
}

function namespacesOfNode(node: TopologyNode): readonly (string | null)[] {
  if (node.kind === 'group' && node.namespace === '') return [null];
  return kindOf(node.id) === 'host' ? ownersOf(node) : [node.namespace, namespaceOfId(node.id)];
}

function namespacesOfFinding({ subject, related, evidence, affects }: Finding): readonly string[] {
  const refs: readonly Ref[] = [subject, ...related, ...evidence.flatMap(({ ref }) => ref ?? [])];
  return [...refs.map(namespaceOfRef), ...affects.map(({ rule }) => namespaceOfId(rule))];
}
