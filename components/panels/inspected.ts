/** What belongs to the node in the inspector: its findings, its neighbours, the host and path that it serves. Pure. */

import type { Scene } from '@/lib/layout/scene';
import { textOf } from '@/lib/topology/detail-reads';
import type { Finding, TopologyNode } from '@/lib/topology/model';
import { causes } from '@/lib/topology/problems';
import { statusRank } from '@/lib/topology/status';
import { findingStatus } from './severity';

const MOST_NEIGHBOURS = 12;

/** Findings at the node and at its broken links; one that another of them follows from is told there, as its cause. */
export function findingsAt(
  node: TopologyNode,
  scene: Scene,
  findings: ReadonlyMap<string, Finding>,
): readonly Finding[] {
  const ids = new Set(node.findings);
  for (const edge of scene.drawing.edges.values()) {
    if (edge.source === node.id || (node.kind !== 'controller' && edge.target === node.id))
      for (const id of edge.findings) ids.add(id);
  }
  for (const finding of findings.values()) if (isAbout(finding, node)) ids.add(finding.id);
  const here = [...ids].map((id) => findings.get(id)).filter((finding) => finding !== undefined);
  const told = new Set(
    here.flatMap((finding) =>
      causes(finding, findings)
        .slice(1)
        .map((cause) => cause.id),
    ),
  );
  return here.filter((finding) => !told.has(finding.id)).sort(worstFirst);
}

function isAbout(finding: Finding, node: TopologyNode): boolean {
  if (finding.affects.some((item) => item.rule === node.id || item.host === node.id)) return true;
  const { ref } = node;
  if (!ref || node.kind === 'rule') return false;
  return (
    finding.subject.kind === ref.kind &&
    finding.subject.namespace === ref.namespace &&
    finding.subject.name === ref.name
  );
}

function worstFirst(a: Finding, b: Finding): number {
  const traffic = Number(a.impact === 'risk') - Number(b.impact === 'risk');
  return traffic || statusRank(findingStatus(a)) - statusRank(findingStatus(b)) || (a.id < b.id ? -1 : 1);
}

/** What all rules share: a checklist of one of them would say nothing of it. */
const SHARED: ReadonlySet<string> = new Set(['address', 'loadbalancer', 'controller', 'class']);

/** The host and path that the checklist is asked for: the worst rule whose chain runs through the node, if it is not shared. */
export function routeOf(
  node: TopologyNode,
  scene: Scene,
): { readonly host: string; readonly path: string } | null {
  const pivots = node.kind === 'rule' ? [node.id] : scene.chains.pivots(node.id);
  const rules = pivots
    .map((id) => scene.drawing.nodes.get(id))
    .filter((rule) => rule !== undefined)
    .filter((rule) => rule.kind === 'rule');
  if (rules.length > 1 && SHARED.has(node.kind)) return null;
  const rule = rules.sort((a, b) => statusRank(a.status) - statusRank(b.status) || (a.id < b.id ? -1 : 1))[0];
  if (rule) return { host: textOf(rule.detail, 'host'), path: textOf(rule.detail, 'path') || '/' };
  return node.kind === 'host' ? { host: node.name === '*' ? '' : node.name, path: '/' } : null;
}

/** Nodes one step away, worst first; a controller's hundreds of rules are cut. */
export function neighboursOf(node: TopologyNode, scene: Scene): readonly TopologyNode[] {
  const ids = new Set<string>();
  for (const edge of scene.drawing.edges.values()) {
    if (edge.source === node.id) ids.add(edge.target);
    if (edge.target === node.id) ids.add(edge.source);
  }
  return [...ids]
    .map((id) => scene.drawing.nodes.get(id))
    .filter((other) => other !== undefined)
    .sort((a, b) => statusRank(a.status) - statusRank(b.status))
    .slice(0, MOST_NEIGHBOURS);
}
