/**
 * Which partition of a recorded topology an item belongs to, told from its id alone, so that a removal finds the place of
 * what it removes. Namespaces are partitions; what many namespaces share (hosts, load balancers, controllers) is one more.
 */
import { kindOf } from '@/lib/topology/chains';

/** The partition of what belongs to no namespace. */
export const SHARED = '';

/** Where the namespace stands among the segments of a node's id, by kind; other kinds are shared. */
const NAMESPACE_AT: Readonly<Record<string, number>> = {
  rule: 1,
  service: 0,
  pod: 0,
  endpoint: 0,
  secret: 0,
  listener: 0,
};

/** The partition of a node. */
export function partitionOfNode(id: string): string {
  const kind = kindOf(id);
  const at = NAMESPACE_AT[kind];
  return at === undefined ? SHARED : segmentOf(id, kind.length + 1, at);
}

/** The segment of a number, told from a place of an id on. */
function segmentOf(id: string, from: number, n: number): string {
  let start = from;
  for (let i = 0; i < n; i++) {
    const slash = id.indexOf('/', start);
    if (slash < 0) return SHARED;
    start = slash + 1;
  }
  const end = id.indexOf('/', start);
  return end < 0 ? id.slice(start) : id.slice(start, end);
}

/** The ends of an edge, as its id (`KIND:SOURCE>TARGET[:PORT]`) has them; the target may carry the port. */
export function endsOfEdge(id: string): readonly [source: string, target: string] {
  const start = id.indexOf(':') + 1;
  const middle = id.indexOf('>', start);
  return middle < 0 ? [id.slice(start), ''] : [id.slice(start, middle), id.slice(middle + 1)];
}

/** The partition of an edge: its namespace where both ends share one, or the rule's; what joins others is shared. */
export function partitionOfEdge(id: string): string {
  const [source, target] = endsOfEdge(id);
  const [from, to] = [partitionOfNode(source), partitionOfNode(target)];
  if (from === to) return from;
  if (from === SHARED && kindOf(target) === 'rule') return to;
  if (to === SHARED && kindOf(source) === 'rule') return from;
  return SHARED;
}

/** The partition of a finding: the namespace of its subject (`code:KIND.GROUP/NS/NAME…`), or the namespace that it is about. */
export function partitionOfFinding(id: string): string {
  const [kind = '', namespace = '', name = ''] = id.slice(id.indexOf(':') + 1).split('/', 3);
  if (kind === 'Namespace') return name.split('#', 1)[0] ?? SHARED;
  return namespace === '-' ? SHARED : namespace;
}
