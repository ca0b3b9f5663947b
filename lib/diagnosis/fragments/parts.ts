/** Small makers of nodes and edges. */
import type { Service } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import type { ServiceDetail } from '@/lib/topology/details';
import { edgeId } from '@/lib/topology/ids';
import type {
  Basis,
  Detail,
  EdgeKind,
  NodeKind,
  Status,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';

export interface NodeParts {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  readonly namespace?: string;
  readonly status: Status;
  readonly ref?: Ref;
  readonly findings?: readonly string[];
  readonly detail?: object;
}

const NO_DETAIL: Detail = {};
const NO_FINDINGS: readonly string[] = [];

/** A node with defaults filled in. */
export function node(parts: NodeParts): TopologyNode {
  const { id, kind, name, namespace = '', status, ref, findings = NO_FINDINGS, detail = NO_DETAIL } = parts;
  // Written out: a spread puts fields outside the object, and there are 100,000 of these.
  return ref
    ? { id, kind, name, namespace, status, ref, findings, detail: detail as Detail }
    : { id, kind, name, namespace, status, findings, detail: detail as Detail };
}

export interface EdgeParts {
  readonly source: string;
  readonly target: string;
  readonly kind: EdgeKind;
  readonly port?: number | string | null;
  readonly status: Status;
  readonly basis: Basis;
  readonly label?: string;
  readonly findings?: readonly string[];
}

/** An edge with its id and defaults. */
export function edge({
  source,
  target,
  kind,
  port,
  status,
  basis,
  label = '',
  findings = NO_FINDINGS,
}: EdgeParts): TopologyEdge {
  const id = edgeId(kind, source, target, port ?? undefined);
  return port === null || port === undefined
    ? { id, source, target, kind, status, basis, label, findings }
    : { id, source, target, kind, port, status, basis, label, findings };
}

/** By the Service's own list, which Services with equal ports share. */
const PORTS = new WeakMap<Service['ports'], ServiceDetail['ports']>();

/** What a Service's node tells, whoever leads to it. */
export function serviceDetail(service: Service, ready: number, total: number): ServiceDetail {
  let ports = PORTS.get(service.ports);
  if (ports === undefined) {
    ports = service.ports.map(({ name, port, targetPort, nodePort }) => ({
      name,
      port,
      targetPort,
      nodePort,
    }));
    PORTS.set(service.ports, ports);
  }
  return { type: service.type, ports, selector: service.selector, ready, total };
}
