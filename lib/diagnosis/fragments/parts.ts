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
  return { id, kind, name, namespace, status, ...(ref ? { ref } : {}), findings, detail: detail as Detail };
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
  const known = port === null || port === undefined ? {} : { port };
  return {
    id: edgeId(kind, source, target, port ?? undefined),
    source,
    target,
    kind,
    ...known,
    status,
    basis,
    label,
    findings,
  };
}

/** What a Service's node tells, whoever leads to it. */
export function serviceDetail(service: Service, ready: number, total: number): ServiceDetail {
  const ports = service.ports.map(({ name, port, targetPort, nodePort }) => ({
    name,
    port,
    targetPort,
    nodePort,
  }));
  return { type: service.type, ports, selector: service.selector, ready, total };
}
