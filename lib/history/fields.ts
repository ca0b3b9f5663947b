/**
 * The fields whose difference a person calls a change, by kind of node. An explicit list: what moves by itself (restarts,
 * TTLs, addresses of replaced pods, reasons in words that a status tells already) is not on it.
 */
import type { Finding, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { FieldChange, FieldValue } from './model';
import { fact, list, portsOf, type Reading, record, scalar, settingsOf, workloadsOf } from './readings';

export type Fields = ReadonlyMap<string, FieldValue>;

const table = (fields: Readonly<Record<string, Reading>>): readonly (readonly [string, Reading])[] =>
  Object.entries(fields);

/** Compared fields of `detail` by kind; `status` and whether the thing exists are compared for all. */
const DETAIL: ReadonlyMap<string, readonly (readonly [string, Reading])[]> = new Map([
  ['host', table({ addresses: list, cnames: list, dns: scalar, namespaces: list })],
  ['loadbalancer', table({ type: scalar, addresses: list, ports: list, pending: scalar })],
  [
    'controller',
    table({
      type: scalar,
      version: scalar,
      image: scalar,
      classes: list,
      ready: scalar,
      desired: scalar,
      services: list,
      settings: settingsOf,
    }),
  ],
  [
    'rule',
    table({
      host: scalar,
      path: scalar,
      pathType: scalar,
      ingress: scalar,
      class: scalar,
      service: scalar,
      port: scalar,
      tls: record({ secret: scalar, notAfter: scalar, names: list, issuer: scalar }),
      answer: scalar,
      annotations: fact,
      team: scalar,
    }),
  ],
  [
    'service',
    table({
      type: scalar,
      ports: portsOf,
      selector: fact,
      externalName: scalar,
      ready: scalar,
      total: scalar,
      workloads: workloadsOf,
    }),
  ],
  [
    'pod',
    table({
      phase: scalar,
      ready: scalar,
      reason: scalar,
      image: scalar,
      workload: scalar,
    }),
  ],
  ['endpoint', table({ ready: scalar, reason: scalar })],
  ['secret', table({ reason: scalar, names: list, issuer: scalar, notAfter: scalar })],
  ['group', table({ count: scalar, statuses: fact })],
]);

/** What of a node is compared, by path. */
export function nodeFields(node: TopologyNode): Fields {
  const fields = new Map<string, FieldValue>([
    ['status', node.status],
    ['exists', node.detail.ghost !== true],
  ]);
  // Other names are made of what is compared anyway.
  if (node.kind === 'pod') fields.set('name', node.name);
  for (const [name, reading] of DETAIL.get(node.kind) ?? []) reading(name, node.detail[name], fields);
  return fields;
}

/** What of an edge is compared: where it leads is its identity. */
export function edgeFields(edge: TopologyEdge): Fields {
  return new Map<string, FieldValue>([
    ['status', edge.status],
    ['label', edge.label],
  ]);
}

/** What of a finding is compared; its detail and evidence count and date things, and so differ at every look. */
export function findingFields(finding: Finding): Fields {
  const hosts = finding.affects.map(({ host }) => host.slice(host.indexOf(':') + 1));
  return new Map<string, FieldValue>([
    ['severity', finding.severity],
    ['state', finding.state],
    ['impact', finding.impact],
    ['title', finding.title],
    ['cause', finding.cause],
    ['hosts', [...new Set(hosts)].sort().join(', ')],
    ['rules', new Set(finding.affects.map(({ rule }) => rule)).size],
  ]);
}

/**
 * The fields that differ, in the order of the list above; those that are not there any more last. Of what was made or
 * deleted, and so drawn as missing on one side, nothing else is worth a word.
 */
export function differing(before: Fields, after: Fields): readonly FieldChange[] {
  const changes = allDiffering(before, after);
  const isMade = changes.some(({ path }) => path === 'exists');
  if (isMade) return changes.filter(({ path }) => path === 'exists' || path === 'status');
  return changes.filter(({ path }) => !isSaidBetter(path, changes));
}

const GENERATION = '.generation';

/** A generation only counts edits: it is told where nothing else of the workload says what was edited. */
function isSaidBetter(path: string, changes: readonly FieldChange[]): boolean {
  if (!path.endsWith(GENERATION)) return false;
  const workload = path.slice(0, -GENERATION.length + 1);
  return changes.some((other) => other.path !== path && other.path.startsWith(workload));
}

function allDiffering(before: Fields, after: Fields): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  for (const [path, value] of after) {
    const earlier = before.get(path) ?? null;
    if (earlier !== value) changes.push({ path, before: earlier, after: value });
  }
  for (const [path, value] of before)
    if (!after.has(path) && value !== null) changes.push({ path, before: value, after: null });
  return changes;
}
