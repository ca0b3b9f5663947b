/** What is drawn of a topology: the chains in focus, pods folded, everything in its place. Pure; kept from one version to the next. */

import { type Layout, layout } from '@/lib/layout/layout';
import { numberOf, textOf } from '@/lib/topology/detail-reads';
import { type Drawing, foldPods } from '@/lib/topology/fold-pods';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { shortReason } from '@/lib/topology/reasons';
import { ChainIndex } from './chain-index';

export interface Scene {
  readonly drawing: Drawing;
  readonly layout: Layout;
  /** Chains of what is drawn. */
  readonly chains: ChainIndex;
  /** Whether the node in focus is part of the view. */
  readonly focusFound: boolean;
}

export interface SceneInput {
  readonly drawing: Drawing;
  readonly focus: string | null;
  readonly expand: readonly string[];
}

/** Builds the scene; `previous` keeps the places of what is still there. */
export function buildScene(input: SceneInput, previous: Scene | null): Scene {
  const folded = annotate(
    foldPods(input.drawing, { expand: new Set(input.expand) }),
    input.drawing,
    previous,
  );
  const focused = input.focus === null ? null : focusOn(folded, input);
  const drawing = focused ?? folded;
  const nodes = [...drawing.nodes.values()];
  const edges = [...drawing.edges.values()];
  return {
    drawing,
    layout: layout({ nodes, edges }, previous?.layout),
    chains: new ChainIndex(nodes, edges),
    focusFound: input.focus === null || focused !== null,
  };
}

function focusOn(folded: Drawing, input: SceneInput): Drawing | null {
  const focus = shownAs(input.focus ?? '', folded, input.drawing);
  if (focus === null) return null;
  const lit = new ChainIndex(folded.nodes.values(), folded.edges.values()).through(focus);
  return {
    nodes: new Map([...folded.nodes].filter(([id]) => lit.nodes.has(id))),
    edges: new Map([...folded.edges].filter(([id]) => lit.edges.has(id))),
  };
}

/** A folded pod is shown as its group. */
export function shownAs(id: string, folded: Drawing, unfolded: Drawing): string | null {
  if (folded.nodes.has(id)) return id;
  if (!unfolded.nodes.has(id)) return null;
  for (const edge of unfolded.edges.values()) {
    if (edge.target !== id) continue;
    for (const other of folded.edges.values()) {
      if (other.source === edge.source && folded.nodes.get(other.target)?.kind === 'group')
        return other.target;
    }
  }
  return null;
}

/** Gives pods what a reader wants to know at a glance: folded ones which workload at which version, broken ones why. */
function annotate(folded: Drawing, unfolded: Drawing, previous: Scene | null): Drawing {
  const nodes = new Map(folded.nodes);
  const edges = new Map(folded.edges);
  for (const [id, edge] of folded.edges) {
    const target = folded.nodes.get(edge.target);
    if (target?.kind === 'pod') edges.set(id, keep(previous?.drawing.edges.get(id), reasoned(edge, target)));
    if (target?.kind !== 'group') continue;
    // What the server has folded has its words already.
    const told = unfolded.edges.has(id) ? { node: target, edge } : toldOf(target, edge, unfolded);
    const some = (numberOf(target.detail, 'ready') ?? 0) > 0;
    const card = { ...told.node, status: partly(target.status, some) };
    nodes.set(target.id, keep(previous?.drawing.nodes.get(target.id), card));
    const line = { ...told.edge, status: partly(edge.status, some) };
    edges.set(id, keep(previous?.drawing.edges.get(id), line));
  }
  return { nodes, edges };
}

function toldOf(group: TopologyNode, edge: TopologyEdge, unfolded: Drawing) {
  const pods = podsOf(edge.source, unfolded);
  const detail = { ...group.detail, note: sharedWords(pods.map(workloadAndTag)) };
  return { node: { ...group, detail }, edge: { ...edge, label: reasonOf(pods, edge) || edge.label } };
}

/** A port on a broken line to a pod gives way to the reason. */
function reasoned(edge: TopologyEdge, pod: TopologyNode): TopologyEdge {
  if (edge.status !== 'broken' || pod.detail.ready === true || !/^(→|$)/.test(edge.label)) return edge;
  return { ...edge, label: reasonOf([pod], edge) };
}

/** While some pods are ready the Service still answers: its pods together are degraded, not broken. */
function partly(status: Status, someReady: boolean): Status {
  return status === 'broken' && someReady ? 'degraded' : status;
}

function reasonOf(pods: readonly TopologyNode[], edge: TopologyEdge): string {
  if (edge.status !== 'broken') return '';
  const reason = sharedWords(pods.map((pod) => shortReason(textOf(pod.detail, 'reason'))));
  if (reason !== '') return reason;
  return pods.length === 1 ? 'not ready' : 'none ready';
}

function podsOf(service: string, unfolded: Drawing): TopologyNode[] {
  const pods: TopologyNode[] = [];
  for (const edge of unfolded.edges.values()) {
    const target = edge.source === service ? unfolded.nodes.get(edge.target) : undefined;
    if (target?.kind === 'pod') pods.push(target);
  }
  return pods;
}

function workloadAndTag(pod: TopologyNode): string {
  const image = textOf(pod.detail, 'image');
  const colon = image.lastIndexOf(':');
  const tag = colon > image.lastIndexOf('/') && !image.includes('@') ? image.slice(colon + 1) : '';
  const workload = textOf(pod.detail, 'workload').split('/').at(-1) ?? '';
  return [workload, tag].filter((part) => part !== '').join(' ');
}

/** The word of most; several are joined when they are few. */
function sharedWords(words: readonly string[]): string {
  const distinct = [...new Set(words.filter((word) => word !== ''))];
  return distinct.length > 2 ? `${distinct[0]} …` : distinct.join(', ');
}

/** The earlier object when nothing in it changed, so that its card is not drawn again. */
function keep<T extends TopologyNode | TopologyEdge>(before: T | undefined, now: T): T {
  return before && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}
