/** What the palette searches. Pure. */

import { kindWord } from '@/components/ui/kinds';
import { cardText } from '@/lib/layout/card-text';
import { listOf, recordOf, textOf } from '@/lib/topology/detail-reads';
import type { Finding, NodeKind, TopologyNode } from '@/lib/topology/model';
import { statusRank } from '@/lib/topology/status';
import type { TopologyState } from '@/lib/wire/reduce';

export type EntryGroup =
  | 'Problems'
  | 'Hosts'
  | 'Rules'
  | 'Services'
  | 'Pods'
  | 'Others'
  | 'Risks and notes'
  | 'Not drawn'
  | 'Not reachable from outside';

export interface Entry {
  readonly key: string;
  readonly group: EntryGroup;
  readonly title: string;
  readonly sub: string;
  /** Lower case. */
  readonly haystack: string;
  readonly rank: number;
  readonly node?: TopologyNode;
  readonly finding?: Finding;
}

const MOST_PER_GROUP = 12;

const GROUP_OF: Readonly<Partial<Record<NodeKind, EntryGroup>>> = {
  host: 'Hosts',
  rule: 'Rules',
  service: 'Services',
  pod: 'Pods',
  endpoint: 'Pods',
};

export function entriesOf(topology: TopologyState): Entry[] {
  const nodes = [...topology.nodes.values()].map((node) => nodeEntry(node, GROUP_OF[node.kind] ?? 'Others'));
  const findings = [...topology.findings.values()].map(findingEntry);
  return [...findings, ...nodes];
}

/** A node that the view does not draw; where no entry reaches it, with the reason. */
export function distantEntry(node: TopologyNode): Entry {
  if (node.detail.internal !== true) return nodeEntry(node, 'Not drawn');
  const entry = nodeEntry(node, 'Not reachable from outside');
  const labels = Object.entries(recordOf(node.detail, 'labels') ?? {}).map((pair) => pair.join('='));
  return {
    ...entry,
    sub: [kindWord(node), node.namespace, textOf(node.detail, 'internalReason')].join(' · '),
    haystack: `${entry.haystack} ${labels.join(' ').toLowerCase()}`,
  };
}

function nodeEntry(node: TopologyNode, group: EntryGroup): Entry {
  const text = cardText(node);
  const sub = [kindWord(node), node.namespace, text.sub].filter((part) => part !== '').join(' · ');
  const more = [
    node.name,
    node.namespace,
    ...listOf(node.detail, 'addresses'),
    textOf(node.detail, 'ip'),
    textOf(node.detail, 'ingress'),
    textOf(node.detail, 'image'),
  ];
  return {
    key: node.id,
    group,
    title: text.full,
    sub,
    haystack: `${text.full} ${more.join(' ')}`.toLowerCase(),
    rank: statusRank(node.status),
    node,
  };
}

function findingEntry(finding: Finding): Entry {
  return {
    key: finding.id,
    group: finding.impact === 'risk' || finding.severity === 'info' ? 'Risks and notes' : 'Problems',
    title: finding.title,
    sub: finding.detail,
    haystack:
      `${finding.title} ${finding.detail} ${finding.code} ${finding.subject.namespace} ${finding.subject.name}`.toLowerCase(),
    rank:
      finding.impact === 'risk'
        ? 9
        : finding.state === 'unknown'
          ? 3
          : ['broken', 'degraded', 'warning', 'info'].indexOf(finding.severity),
    finding,
  };
}

/** Entries that hold every word, worst first, a few of each group. */
export function matching(entries: readonly Entry[], text: string): Entry[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const found = entries.filter((entry) => words.every((word) => entry.haystack.includes(word)));
  found.sort((a, b) => a.rank - b.rank || (a.title < b.title ? -1 : a.title > b.title ? 1 : 0));
  const taken = new Map<EntryGroup, number>();
  return found.filter((entry) => {
    const n = (taken.get(entry.group) ?? 0) + 1;
    taken.set(entry.group, n);
    return n <= MOST_PER_GROUP;
  });
}
