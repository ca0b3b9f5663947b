/** The facts worth knowing of each kind of node, as label and value. Pure; copes with fields that are missing. */
import { isWithheld } from '@/lib/layout/card-text';
import { listOf, numberOf, recordOf, recordsOf, textOf } from '@/lib/topology/detail-reads';
import type { Detail, TopologyNode } from '@/lib/topology/model';

export interface Fact {
  readonly label: string;
  readonly value: string;
  /** Code: names, images, addresses. */
  readonly mono?: boolean;
}

export function factsOf(node: TopologyNode): readonly Fact[] {
  const read = READERS[node.kind];
  const facts = read ? read(node.detail) : [];
  const place: Fact[] = node.namespace === '' ? [] : [{ label: 'Namespace', value: node.namespace }];
  if (isWithheld(node)) return [{ label: 'Hidden', value: textOf(node.detail, 'reason') }];
  const hidden = numberOf(node.detail, 'hidden') ?? 0;
  const beside: Fact[] = [
    {
      label: 'Hidden',
      value: hidden === 0 ? '' : `${hidden} next to it, in namespaces that you may not see`,
    },
  ];
  const reach: Fact[] = [{ label: 'From outside', value: textOf(node.detail, 'internalReason') }];
  return [...reach, ...place, ...facts, ...beside].filter((fact) => fact.value !== '');
}

const READERS: Readonly<Record<string, (detail: Detail) => readonly Fact[]>> = {
  host: (d) => [
    { label: 'Addresses', value: listOf(d, 'addresses').join(', '), mono: true },
    { label: 'Alias of', value: listOf(d, 'cnames').join(' → '), mono: true },
    ...recordsOf(d, 'points').map((point) => ({
      label: `Seen by ${textOf(point, 'server')}`,
      value: listOf(point, 'addresses').join(', ') || textOf(point, 'outcome'),
      mono: true,
    })),
    { label: 'Rules', value: ruleCount(d) },
    { label: 'Ruled from', value: listOf(d, 'namespaces').join(', ') },
  ],
  loadbalancer: (d) => [
    { label: 'Kind', value: textOf(d, 'type') },
    {
      label: 'Addresses',
      value: listOf(d, 'addresses').join(', ') || (d.pending === true ? 'none yet' : ''),
      mono: true,
    },
    { label: 'Ports', value: listOf(d, 'ports').join(', '), mono: true },
  ],
  controller: (d) => [
    {
      label: 'Product',
      value: [textOf(d, 'type'), textOf(d, 'version')].filter((part) => part !== '').join(' '),
    },
    { label: 'Classes', value: listOf(d, 'classes').join(', ') },
    { label: 'Pods ready', value: share(d, 'ready', 'desired') },
    { label: 'Image', value: textOf(d, 'image'), mono: true },
    { label: 'Exposed by', value: listOf(d, 'services').join(', ') },
    {
      label: 'Recognised',
      value: [textOf(d, 'confidence'), ...listOf(d, 'evidence')].filter((part) => part !== '').join(' · '),
    },
  ],
  rule: (d) => {
    const tls = recordOf(d, 'tls');
    const answer = numberOf(d, 'answer');
    return [
      { label: 'Host', value: textOf(d, 'host') || 'every host', mono: true },
      { label: 'Path', value: `${textOf(d, 'path')} (${textOf(d, 'pathType')})`, mono: true },
      { label: 'Answer now', value: answer === null ? '' : String(answer) },
      { label: 'Ingress', value: textOf(d, 'ingress') },
      { label: 'Class', value: textOf(d, 'class') || 'none named' },
      { label: 'Team', value: textOf(d, 'team') },
      {
        label: 'Goes to',
        value: [textOf(d, 'service'), textOf(d, 'port')].filter((part) => part !== '').join(':'),
        mono: true,
      },
      {
        label: 'TLS',
        value: tls
          ? `Secret ${textOf(tls, 'secret')}${until(textOf(tls, 'notAfter'))}`
          : 'not set: plain http',
      },
    ];
  },
  service: (d) => [
    { label: 'Type', value: textOf(d, 'type') },
    { label: 'Ports', value: recordsOf(d, 'ports').map(portText).join(', '), mono: true },
    { label: 'Selects', value: pairs(recordOf(d, 'selector')), mono: true },
    { label: 'Endpoints ready', value: share(d, 'ready', 'total') },
  ],
  pod: (d) => [
    { label: 'Phase', value: textOf(d, 'phase') },
    { label: 'Ready', value: d.ready === true ? 'yes' : d.ready === false ? 'no' : '' },
    { label: 'Readiness', value: readinessText(d) },
    { label: 'Reason', value: textOf(d, 'reason') },
    { label: 'Restarts', value: textOf(d, 'restarts') },
    { label: 'Workload', value: textOf(d, 'workload') },
    { label: 'Image', value: textOf(d, 'image'), mono: true },
    { label: 'Node', value: textOf(d, 'node') },
    { label: 'IP', value: textOf(d, 'ip'), mono: true },
  ],
  group: (d) => [
    { label: 'Holds', value: textOf(d, 'count') },
    { label: 'By status', value: pairs(recordOf(d, 'statuses')).replaceAll('=', ' ') },
    { label: 'Runs', value: textOf(d, 'note') },
  ],
};

/** What `ready` is worth (TRUTH: ready is not healthy). */
function readinessText(d: Detail): string {
  if (typeof d.readiness !== 'string') return '';
  if (d.readiness === '') return 'no probe: ready as soon as it runs';
  if (d.readiness === 'tcp') return 'by TCP only: the port is open, which is not yet healthy';
  const ways = d.readiness.split(', ').map((way) => WAYS[way] ?? way);
  return `asked by ${ways.join(', ')}`;
}

const WAYS: Readonly<Record<string, string>> = { http: 'HTTP', tcp: 'TCP', grpc: 'gRPC', exec: 'command' };

function ruleCount(d: Detail): string {
  const rules = recordOf(d, 'rules');
  if (!rules) return '';
  const failing = numberOf(rules, 'failing') ?? 0;
  return failing === 0
    ? `${numberOf(rules, 'total') ?? 0}`
    : `${failing} of ${numberOf(rules, 'total') ?? 0} failing`;
}

function share(d: Detail, part: string, whole: string): string {
  const all = numberOf(d, whole);
  return all === null ? '' : `${numberOf(d, part) ?? 0} of ${all}`;
}

function portText(port: Detail): string {
  const name = textOf(port, 'name');
  const nodePort = numberOf(port, 'nodePort');
  const target = textOf(port, 'targetPort');
  return `${name === '' ? '' : `${name} `}${textOf(port, 'port')}${target === '' ? '' : ` → ${target}`}${nodePort === null ? '' : ` (node ${nodePort})`}`;
}

function pairs(record: Detail | null): string {
  if (!record) return '';
  return Object.entries(record)
    .map(([key, value]) => `${key}=${String(value)}`)
    .join(', ');
}

function until(notAfter: string): string {
  return notAfter === '' ? '' : `, valid until ${notAfter.slice(0, 10)}`;
}
