/** Nodes that fail, as findings of their own: one dead node is one cause for all that stood on it. */
import type { Node, Pod } from '@/lib/kube/objects';
import { objectKey, type Ref } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { known, members, object } from '@/lib/topology/reads';
import { type Draft, draft, evidence, OBJECT_HOLD_MS } from './draft';
import { sh } from './shell';

const NONE: readonly never[] = [];

/** Whether any node is not ready or cordoned: mostly none is, and nobody need look at the node of each of its pods. */
const someAil: Query<boolean> = {
  name: 'some-nodes-ail',
  level: 1,
  compute: (read) => members(read, 'nodes-ailing', '').length > 0,
};

/** See {@link someAil}; false while nodes may not be read. */
export function nodesAil(read: Reader): boolean {
  return read.query(someAil, '') && known(read, 'nodes').known;
}

/** Of the nodes with these names those that are not ready or cordoned, by name; none while nodes may not be read. */
export function ailingNodes(read: Reader, names: Iterable<string>): readonly Node[] {
  if (!nodesAil(read)) return NONE;
  let found: Node[] | null = null;
  const seen = new Set<string>();
  for (const name of names) {
    if (name === '' || seen.has(name)) continue;
    seen.add(name);
    const node = object(read, 'nodes', objectKey('', name));
    if (!node || (node.ready && !node.unschedulable)) continue;
    found ??= [];
    found.push(node);
  }
  return found ? found.sort((a, b) => (a.name < b.name ? -1 : 1)) : NONE;
}

/** The nodes of these pods whose condition Ready is not True. */
export function brokenNodes(read: Reader, pods: readonly Pod[]): readonly Node[] {
  return ailingNodes(
    read,
    pods.map((pod) => pod.node),
  ).filter((node) => !node.ready);
}

/** `node-not-ready` of a node that is NotReady, with the pods on it that are concerned. */
export function nodeNotReady(node: Node, pods: readonly Pod[]): Draft {
  return nodeFinding(
    node,
    pods
      .filter((pod) => pod.node === node.name)
      .map((pod) => refOf('pods', pod.namespace, pod.name, pod.uid)),
  );
}

/** `node-not-ready`: degraded for a node that is NotReady, a hint for one that is merely cordoned. */
export function nodeFinding(node: Node, related: readonly Ref[]): Draft {
  const ref = refOf('nodes', '', node.name, node.uid);
  const said = node.ready
    ? {
        severity: 'info' as const,
        title: `Node ${node.name} is cordoned`,
        detail: `pods behind live rules stand on node ${node.name}, which takes no new ones: they go when it is drained`,
        proof: evidence(ref, 'spec.unschedulable', true),
        summary: 'Nothing to mend if that is meant; uncordon it when the work on it is done.',
      }
    : {
        severity: 'degraded' as const,
        title: `Node ${node.name} is not ready`,
        detail: `node ${node.name} does not report that it is ready: pods on it do not answer, or soon will not`,
        proof: evidence(ref, 'status.conditions[Ready]', 'not True'),
        summary: 'Find out what ails the node: its kubelet, its disk, its memory or its network.',
      };
  return draft({
    code: 'node-not-ready',
    severity: said.severity,
    hop: 'pod',
    subject: ref,
    related: related.slice(0, 50),
    title: said.title,
    detail: said.detail,
    evidence: [said.proof],
    fix: {
      summary: said.summary,
      look: [sh`kubectl get nodes ${node.name} -o wide`, sh`kubectl get nodes ${node.name} -o yaml`],
    },
    holdMs: OBJECT_HOLD_MS,
  });
}
