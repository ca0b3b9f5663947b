import { insideTarget } from '@/lib/diagnosis/external-name';
import { podDetail, podNode } from '@/lib/diagnosis/pod-node';
import { podVerdict } from '@/lib/diagnosis/pod-verdict';
import { type PortHealth, type ServiceHealth, serviceHealth } from '@/lib/diagnosis/service-health';
import { kept } from '@/lib/kube/kept';
import type { Pod, Service } from '@/lib/kube/objects';
import { objectKey, splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { endpointPods, type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import { endpointId, externalId, podId, serviceId } from '@/lib/topology/ids';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import { type WorkloadName, workloadLookup } from '@/lib/topology/workloads';
import { edge, node } from './parts';

const NO_PORTS: readonly PortHealth[] = [];
const NO_FINDINGS: readonly string[] = [];

interface Parts {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
}

/** The pods behind the used ports of a Service, one `backs` edge a port; a ghost where a port has none. */
export function endpointParts(
  read: Reader,
  key: string,
  service: Service,
  health: ServiceHealth,
  ports: readonly PortHealth[],
  alarming: boolean,
  external: readonly string[],
): Parts {
  const source = serviceId(service.namespace, service.name);
  if (health.externalName) return externalParts(read, source, health.externalName, external);
  const nodes: TopologyNode[] = [];
  const edges: TopologyEdge[] = [];
  const pods = read.query(endpointPods, key);
  const workloadOf = workloadLookup(read);
  const standing = (endpoint: JoinedEndpoint, pod: Pod | undefined, used: readonly PortHealth[]) =>
    pod ? judgedPod(read, pod, workloadOf(pod), used) : endpointNode(service, endpoint, used);
  for (const [i, endpoint] of readEndpoints(read, key).endpoints.entries()) {
    const used = kept(ports, (port) => Object.hasOwn(endpoint.ports, port.name));
    if (used.length === 0) continue;
    // Findings that nobody raises are named by nobody.
    const end = standing(endpoint, pods[i], alarming ? used : NO_PORTS);
    nodes.push(end);
    for (const port of used) edges.push(backsEdge(source, end, endpoint, port));
  }
  if (alarming) for (const port of ports) if (port.total === 0) nobody(service, source, port, nodes, edges);
  return { nodes, edges };
}

/** The edge from a Service to what stands behind one of its ports. */
export function backsEdge(
  source: string,
  end: TopologyNode,
  endpoint: JoinedEndpoint,
  port: Pick<PortHealth, 'name' | 'port'>,
): TopologyEdge {
  const number = endpoint.ports[port.name] ?? null;
  return edge({
    source,
    target: end.id,
    kind: 'backs',
    port: port.port,
    status: linkStatus(endpoint, end.status),
    basis: 'observed',
    label: number === null ? '' : arrow(number),
    findings: end.findings,
  });
}

/** One text for all edges to a port number. */
const ARROWS = new Map<number, string>();

function arrow(port: number): string {
  let text = ARROWS.get(port);
  if (text === undefined) {
    text = `→ ${port}`;
    // There are 65,535 ports; a number beyond is no port, and not worth keeping.
    if (port >= 0 && port <= 65_535) ARROWS.set(port, text);
  }
  return text;
}

/** An endpoint that is out of rotation carries nothing, whatever its pod says. */
function linkStatus(endpoint: JoinedEndpoint, status: Status): Status {
  if (endpoint.terminating) return 'pending';
  if (endpoint.ready) return status;
  return status === 'ok' ? 'broken' : status;
}

function nobody(
  service: Service,
  source: string,
  port: PortHealth,
  nodes: TopologyNode[],
  edges: TopologyEdge[],
): void {
  if (port.status === 'ok') return;
  const id = endpointId(service.namespace, service.name, 'none');
  const status = port.status;
  if (!nodes.some((entry) => entry.id === id)) {
    nodes.push(
      node({
        id,
        kind: 'endpoint',
        name: 'no endpoints',
        namespace: service.namespace,
        status,
        findings: port.findings,
        detail: { ghost: true, reason: 'no pod stands behind this port' },
      }),
    );
  }
  edges.push(
    edge({
      source,
      target: id,
      kind: 'backs',
      port: port.port,
      status,
      basis: 'observed',
      label: 'no endpoints',
      findings: port.findings,
    }),
  );
}

/** An endpoint whose pod cannot be seen, or that has none. */
function endpointNode(service: Service, endpoint: JoinedEndpoint, used: readonly PortHealth[]): TopologyNode {
  if (endpoint.pod !== null) {
    const { namespace, name } = splitKey(endpoint.pod);
    return node({
      id: podId(namespace, name),
      kind: 'pod',
      name,
      namespace,
      status: endpoint.ready ? 'ok' : 'unknown',
      ref: refOf('pods', namespace, name),
      detail: { ip: endpoint.address, ready: endpoint.ready, reason: 'the pod itself cannot be seen' },
    });
  }
  return node({
    id: endpointId(service.namespace, service.name, endpoint.address),
    kind: 'endpoint',
    name: endpoint.address,
    namespace: service.namespace,
    status: endpoint.ready ? 'ok' : 'broken',
    findings: endpoint.ready ? [] : used.flatMap((port) => port.findings),
    detail: { ip: endpoint.address, ready: endpoint.ready, reason: 'an address without a pod' },
  });
}

/** The findings of a pod that is not ready are those that explain its Service's state. */
function judgedPod(
  read: Reader,
  pod: Pod,
  workload: WorkloadName | null,
  used: readonly PortHealth[],
): TopologyNode {
  const verdict = podVerdict(pod, read.reached);
  const findings = verdict.problem
    ? [...new Set(used.flatMap((port) => port.findings))].filter((id) => id.startsWith(`${verdict.problem}:`))
    : NO_FINDINGS;
  return podNode(pod, verdict, { detail: podDetail(pod, verdict, workload), findings });
}

/** ExternalName: a name inside the cluster is followed to the real Service; any other lies outside our sight. */
function externalParts(read: Reader, source: string, name: string, findings: readonly string[]): Parts {
  const inside = insideTarget(name);
  if (inside) {
    const health = read.query(serviceHealth, objectKey(inside.namespace, inside.name));
    const missing = health.state === 'missing';
    const found = object(read, 'services', objectKey(inside.namespace, inside.name));
    const target = serviceId(inside.namespace, inside.name);
    const status: Status = missing || findings.length > 0 ? 'broken' : 'unknown';
    const end = node({
      id: target,
      kind: 'service',
      name: inside.name,
      namespace: inside.namespace,
      status,
      ref: refOf('services', inside.namespace, inside.name, found?.uid),
      findings,
      detail: { ghost: missing, reason: `named by ExternalName ${name}` },
    });
    const link = edge({
      source,
      target,
      kind: 'backs',
      status,
      basis: 'declared',
      label: 'ExternalName',
      findings,
    });
    return { nodes: [end], edges: [link] };
  }
  const id = externalId(name);
  const end = node({
    id,
    kind: 'external',
    name,
    status: 'unknown',
    detail: { reason: 'outside the cluster: its health is not known' },
  });
  return {
    nodes: [end],
    edges: [
      edge({
        source,
        target: id,
        kind: 'backs',
        status: 'unknown',
        basis: 'declared',
        label: 'ExternalName',
      }),
    ],
  };
}
