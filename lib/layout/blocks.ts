/** Hosts with their rules: one block of rows per host, rules in their own order, missing Secrets and classes hung under their rule. */
import { hostId } from '@/lib/topology/ids';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { BLOCK_GAP, heightOf, ROW_GAP } from './columns';
import { byText, domainKey, stableOrder } from './order';

export interface Block {
  readonly host: TopologyNode | null;
  readonly rules: readonly TopologyNode[];
}

export type Rank = (id: string) => number | undefined;

/** Problems first, but only when a picture is made anew: afterwards the earlier order holds. */
const URGENCY: Readonly<Record<Status, number>> = {
  broken: 0,
  degraded: 0,
  warning: 1,
  unknown: 1,
  pending: 1,
  ok: 2,
};

/** The blocks from top to bottom. */
export function blocksOf(nodes: readonly TopologyNode[], rank: Rank): Block[] {
  const drafts = new Map<string, { host: TopologyNode | null; rules: TopologyNode[] }>();
  for (const node of nodes) if (node.kind === 'host') drafts.set(node.id, { host: node, rules: [] });
  for (const node of nodes) {
    if (node.kind !== 'rule') continue;
    const key = hostId(text(node.detail.host) === '*' ? '' : text(node.detail.host));
    const draft = drafts.get(key);
    if (draft) draft.rules.push(node);
    else drafts.set(key, { host: null, rules: [node] });
  }
  const blocks = [...drafts.entries()].map(([key, { host, rules }]) => ({
    sortKey: `${URGENCY[worstUrgency(host, rules)]} ${domainKey(key.slice(5))}`,
    host,
    rules: stableOrder(rules.sort(byRuleOrder), (rule) => rank(rule.id)),
  }));
  blocks.sort((a, b) => byText(a.sortKey, b.sortKey));
  return stableOrder(blocks, (block) => blockRank(block, rank));
}

function blockRank(block: Block, rank: Rank): number | undefined {
  const ranks = block.rules.map((rule) => rank(rule.id)).filter((value) => value !== undefined);
  // The host's own place decides: its rules may be a subset now.
  const own = block.host ? rank(block.host.id) : undefined;
  return own ?? (ranks.length > 0 ? Math.min(...ranks) : undefined);
}

function worstUrgency(host: TopologyNode | null, rules: readonly TopologyNode[]): Status {
  return (host ?? rules[0])?.status ?? 'ok';
}

function byRuleOrder(a: TopologyNode, b: TopologyNode): number {
  return number(a.detail.order) - number(b.detail.order) || byText(a.id, b.id);
}

/** What hangs under each rule: the Secrets and classes that are drawn because they are missing or faulty. */
export function hangersOf(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: readonly TopologyEdge[],
): Map<string, TopologyNode[]> {
  const owner = ownersOf(nodes, edges);
  const hangers = new Map<string, TopologyNode[]>();
  for (const id of [...owner.keys()].sort(byText)) {
    const node = nodes.get(id);
    const rule = owner.get(id);
    if (!node || rule === undefined) continue;
    const list = hangers.get(rule);
    if (list) list.push(node);
    else hangers.set(rule, [node]);
  }
  return hangers;
}

/** The first rule (by id) that wants each Secret or class. */
function ownersOf(
  nodes: ReadonlyMap<string, TopologyNode>,
  edges: readonly TopologyEdge[],
): Map<string, string> {
  const owner = new Map<string, string>();
  for (const { source, target } of edges) {
    // A class claims its rule, a rule refers to its Secret: either end may be the rule.
    const rule = nodes.get(source)?.kind === 'rule' ? source : target;
    const hanger = nodes.get(rule === source ? target : source);
    if (nodes.get(rule)?.kind !== 'rule' || (hanger?.kind !== 'secret' && hanger?.kind !== 'class')) continue;
    const known = owner.get(hanger.id);
    if (known === undefined || byText(rule, known) < 0) owner.set(hanger.id, rule);
  }
  return owner;
}

/** Tops of all hosts, rules and what hangs under rules. Returns the bottom of the last block. */
export function stackBlocks(
  blocks: readonly Block[],
  hangers: ReadonlyMap<string, readonly TopologyNode[]>,
  tops: Map<string, number>,
): number {
  let y = 0;
  for (const block of blocks) {
    const start = y;
    const ruleTops: number[] = [];
    for (const rule of block.rules) {
      tops.set(rule.id, y);
      ruleTops.push(y);
      y += heightOf(rule) + ROW_GAP;
      for (const hanger of hangers.get(rule.id) ?? []) {
        tops.set(hanger.id, y);
        y += heightOf(hanger) + ROW_GAP;
      }
    }
    if (block.host) {
      const first = ruleTops[0] ?? start;
      const last = ruleTops.at(-1) ?? start;
      tops.set(block.host.id, Math.round((first + last) / 2));
      y = Math.max(y, start + heightOf(block.host) + ROW_GAP);
    }
    y += BLOCK_GAP;
  }
  return y;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : Number.MAX_SAFE_INTEGER;
}
