/**
 * A snapshot for those who must not learn names: hosts, objects, namespaces, addresses, images, paths and the like become
 * pseudonyms, the same everywhere; of sentences only what the dashboard itself says is left; commands go.
 */
import type { Ref } from '@/lib/kube/refs';
import type {
  ClusterInfo,
  Evidence,
  Finding,
  Topology,
  TopologyEdge,
  TopologyNode,
} from '@/lib/topology/model';
import { type Changer, changedDetail } from './redact/details';
import { Ids, portOf } from './redact/ids';
import { Pseudonyms } from './redact/pseudonyms';
import { scrubber } from './redact/text';
import type { FrozenView } from './view';

export interface Redacted {
  readonly topology: Topology;
  readonly view: FrozenView;
  readonly note: string;
}

interface Work {
  readonly changer: Changer;
  readonly ids: Ids;
}

/** Takes the names out of a view, its query and its note, in slices. The same input gives the same output. */
export function* redacted(topology: Topology, view: FrozenView, note: string): Generator<void, Redacted> {
  const pseudonyms = new Pseudonyms();
  yield* gather(topology, pseudonyms);
  const text = scrubber(pseudonyms);
  const changer: Changer = { name: (value, kind) => nameFor(value, kind, pseudonyms), text };
  const work = { changer, ids: new Ids(changer) };
  const { ids } = work;
  yield* each(topology.nodes, (node) => ids.addNode(node));
  yield* each(topology.edges, (edge) => ids.addEdge(edge));
  yield* each(topology.findings, ({ id, code }) => ids.addFinding(id, code));
  return {
    topology: {
      ...topology,
      cluster: clusterWithout(topology.cluster, changer),
      coverage: topology.coverage.map((row) => ({ ...row, reason: text(row.reason), fix: '' })),
      nodes: yield* each(topology.nodes, (node) => nodeWithout(node, work)),
      edges: yield* each(topology.edges, (edge) => edgeWithout(edge, work)),
      findings: yield* each(topology.findings, (finding) => findingWithout(finding, work)),
    },
    view: viewWithout(view, work),
    note: text(note),
  };
}

/** Items between which others may run. */
const SLICE = 16;

function* each<T, R>(list: readonly T[], change: (item: T) => R): Generator<void, readonly R[]> {
  const out: R[] = [];
  for (const item of list) if (out.push(change(item)) % SLICE === 0) yield;
  return out;
}

/** `*.example.com` stays a wildcard. */
function nameFor(value: string, kind: string, pseudonyms: Pseudonyms): string {
  if (kind === 'host' && value.startsWith('*.')) return `*.${pseudonyms.of(value.slice(2), kind)}`;
  return pseudonyms.of(value, kind);
}

/** Notes every name that stands where names stand. */
function* gather(topology: Topology, pseudonyms: Pseudonyms): Generator<void, void> {
  const changer: Changer = {
    name: (value, kind) => {
      pseudonyms.note(kind, kind === 'host' && value.startsWith('*.') ? value.slice(2) : value);
      return value;
    },
    text: (value) => value,
  };
  const { cluster, nodes, findings } = topology;
  changer.name(cluster.name, 'cluster');
  changer.name(cluster.id, 'cluster');
  yield* each(nodes, (node) => {
    changer.name(node.namespace, 'namespace');
    if (node.name !== node.ref?.name && isName(node)) changer.name(node.name, node.kind);
    refWithout(node.ref, changer);
    changedDetail(node.detail, changer);
  });
  yield* each(findings, ({ subject, related, evidence, fix }) => {
    for (const ref of [subject, ...related, ...evidence.map((item) => item.ref)])
      refWithout(ref ?? undefined, changer);
    if (fix.managedBy !== null) changer.name(fix.managedBy, 'manager');
  });
}

/** A rule is called by its host and path, a group by what it holds, a missing end by what is missing: those are sentences. */
function isName({ kind, name }: TopologyNode): boolean {
  return kind !== 'rule' && kind !== 'group' && !/\s/.test(name);
}

function clusterWithout({ reason, ...cluster }: ClusterInfo, { name, text }: Changer): ClusterInfo {
  return {
    ...cluster,
    id: name(cluster.id, 'cluster'),
    name: name(cluster.name, 'cluster'),
    ...(reason === undefined ? {} : { reason: text(reason) }),
  };
}

/** Without the uid, which is a name too. */
function refWithout(ref: Ref | undefined, { name }: Changer): Ref | undefined {
  if (!ref) return undefined;
  const { uid: _, ...rest } = ref;
  // What concerns the whole cluster is said of something called "cluster": no name.
  if (ref.kind === 'Cluster' && ref.resource === '') return rest;
  return {
    ...rest,
    namespace: name(ref.namespace, 'namespace'),
    name: name(ref.name, ref.kind === 'IngressClass' ? 'class' : ref.kind.toLowerCase()),
  };
}

function nodeWithout({ ref, ...node }: TopologyNode, { changer, ids }: Work): TopologyNode {
  const without = refWithout(ref, changer);
  return {
    ...node,
    id: ids.of(node.id),
    name: isName(node) ? changer.name(node.name, node.kind) : changer.text(node.name),
    namespace: changer.name(node.namespace, 'namespace'),
    ...(without ? { ref: without } : {}),
    findings: node.findings.map((id) => ids.of(id)),
    detail: changedDetail(node.detail, changer),
  };
}

function edgeWithout(edge: TopologyEdge, { changer, ids }: Work): TopologyEdge {
  return {
    ...edge,
    id: ids.of(edge.id),
    source: ids.of(edge.source),
    target: ids.of(edge.target),
    ...(edge.port === undefined ? {} : { port: portOf(edge.port, changer) }),
    label: changer.text(edge.label),
    findings: edge.findings.map((id) => ids.of(id)),
  };
}

function findingWithout(finding: Finding, { changer, ids }: Work): Finding {
  const { text } = changer;
  const refOf = (ref: Ref): Ref => refWithout(ref, changer) ?? ref;
  const { fix } = finding;
  return {
    ...finding,
    id: ids.of(finding.id),
    cause: finding.cause === null ? null : ids.of(finding.cause),
    affects: finding.affects.map((item) => ({ ...item, host: ids.of(item.host), rule: ids.of(item.rule) })),
    subject: refOf(finding.subject),
    related: finding.related.map(refOf),
    title: text(finding.title),
    detail: text(finding.detail),
    evidence: finding.evidence.map(
      (item): Evidence => ({
        ...item,
        ref: item.ref && refOf(item.ref),
        path: text(item.path),
        value: text(item.value),
      }),
    ),
    fix: {
      summary: text(fix.summary),
      look: [],
      change: [],
      managedBy: fix.managedBy === null ? null : changer.name(fix.managedBy, 'manager'),
    },
  };
}

/** Searches are dropped: they are words of people. */
function viewWithout({ filters, page }: FrozenView, { changer, ids }: Work): FrozenView {
  const names = (list: readonly string[], kind: string) => list.map((value) => changer.name(value, kind));
  const qualified = (value: string) =>
    value
      .split('/')
      .map((part) => changer.name(part, 'service'))
      .join('/');
  return {
    filters: {
      ...filters,
      namespace: names(filters.namespace, 'namespace'),
      host: filters.host.map((host) => changer.name(host, 'host')),
      class: names(filters.class, 'class'),
      controller: filters.controller.map((value) => ids.known(value) ?? changer.name(value, 'controller')),
      service: filters.service.map(qualified),
      q: '',
      focus: filters.focus === null ? null : ids.of(filters.focus),
      expand: filters.expand.map((id) => ids.of(id)),
      cluster: filters.cluster === null ? null : changer.name(filters.cluster, 'cluster'),
    },
    page: page.map(([key, value]) => [key, key === 'select' ? ids.of(value) : value]),
  };
}
