import type { Ingress } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { serviceId } from '@/lib/topology/ids';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import type { RuleJudgement } from './ingress';
import { edge, node } from './parts';

/** The edge from a rule to its Service, and the Service's ghost where it does not exist. */
export function backendParts(
  read: Reader,
  ingress: Ingress,
  { rule, backend }: RuleJudgement,
): { nodes: TopologyNode[]; edges: TopologyEdge[] } {
  if (rule.service === null || backend.action) return { nodes: [], edges: [] };
  const { namespace, name } = splitKey(rule.service);
  const target = serviceId(namespace, name);
  const link = edge({
    source: rule.id,
    target,
    kind: 'routes',
    port: backend.port ?? rule.port,
    status: backend.status,
    basis: 'declared',
    label:
      backend.label || (backend.status === 'broken' && backend.answer !== null ? String(backend.answer) : ''),
    findings: backend.findings,
  });
  if (object(read, 'services', rule.service)) return { nodes: [], edges: [link] };
  const missing = backend.status === 'broken';
  const ghost = node({
    id: target,
    kind: 'service',
    name,
    namespace,
    status: missing ? 'broken' : 'unknown',
    ref: refOf('services', namespace, name),
    findings: backend.findings,
    detail: { ghost: missing, reason: missing ? `not found in ${ingress.namespace}` : backend.reason },
  });
  return { nodes: [ghost], edges: [link] };
}
