/** Deploys, replicas and configuration changes, told from what a published delta does to nodes: the marks of the timeline. */
import type { TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { drain, sliced } from '@/lib/topology/slices';
import type { ChangeEvent, FieldChange, Who } from './model';
import { movedNodes } from './moved';
import { BEHIND, type EventPart, ingressOf, partsOf } from './node-events';
import { editsOf, latest } from './who';

/** So much of one event is told. */
const MOST_FIELDS = 20;
const MOST_NODES = 20;
/** So many of one delta: more is a restart of the world, which nobody reads line by line. */
const MOST_EVENTS = 500;

/** Kinds of nodes whose differences can be events; pods only follow. */
const TOLD: ReadonlySet<string> = new Set(['rule', 'service', 'controller', 'loadbalancer']);

/** What people or controllers changed, by a delta and the nodes as they were before it; by object, in order. */
export function changeEvents(before: NodesBefore, delta: TopologyDelta): readonly ChangeEvent[] {
  return drain(tellingChanges(before, delta));
}

type NodesBefore = (id: string) => TopologyNode | undefined;

/** The same in slices. */
export function* tellingChanges(
  before: NodesBefore,
  { nodes }: TopologyDelta,
): Generator<void, readonly ChangeEvent[]> {
  const parts: EventPart[] = [];
  const come: TopologyNode[] = [];
  yield* sliced(nodes.upsert, (after) => {
    if (!TOLD.has(after.kind)) return;
    const earlier = before(after.id);
    if (earlier) parts.push(...partsOf(earlier, after));
    else come.push(after);
  });
  const gone = nodes.remove.flatMap((id) => before(id) ?? []).filter(({ kind }) => TOLD.has(kind));
  parts.push(...comings(gone, come));
  return together(parts);
}

/** Rules that have moved, come or gone, and Services that are exposed or no more. */
function comings(gone: readonly TopologyNode[], come: readonly TopologyNode[]): readonly EventPart[] {
  const moves = movedNodes(gone, come);
  const arrived = new Map(come.map((node) => [node.id, node]));
  const parts: EventPart[] = [];
  for (const before of gone) {
    const after = arrived.get(moves.get(before.id) ?? '');
    if (after) {
      arrived.delete(after.id);
      parts.push(...partsOf(before, after));
    } else parts.push(...presence(before, before, null));
  }
  for (const after of arrived.values()) parts.push(...presence(after, null, after));
  return parts;
}

const EXPOSED = 'loadbalancer:service/';

function presence(
  node: TopologyNode,
  before: TopologyNode | null,
  after: TopologyNode | null,
): readonly EventPart[] {
  const told = { kind: 'configuration' as const, before, after };
  if (node.kind === 'rule') {
    const field = { path: `rule ${node.name}`, before: leadsTo(before), after: leadsTo(after) };
    return [{ ...told, object: ingressOf(node), fields: [field] }];
  }
  if (!node.id.startsWith(EXPOSED) || !node.ref) return [];
  const field = { path: 'exposed', before: before !== null, after: after !== null };
  return [{ ...told, object: `Service ${node.namespace}/${node.ref.name}`, fields: [field] }];
}

function leadsTo(rule: TopologyNode | null): string | null {
  if (!rule) return null;
  const { service, port } = rule.detail;
  if (typeof service !== 'string') return 'no Service';
  return typeof port === 'number' || typeof port === 'string' ? `${service}:${port}` : service;
}

/** One event for each object and kind, whatever number of nodes shows it. */
function together(parts: readonly EventPart[]): readonly ChangeEvent[] {
  const groups = Map.groupBy(parts, ({ kind, object }) => `${object} ${kind}`);
  return [...groups.keys()]
    .sort()
    .slice(0, MOST_EVENTS)
    .map((key) => eventOf(groups.get(key) ?? []))
    .filter((event) => event !== null);
}

function eventOf(parts: readonly EventPart[]): ChangeEvent | null {
  const first = parts[0];
  if (!first) return null;
  const distinct = new Map(
    parts.flatMap((part) => part.fields).map((field) => [JSON.stringify(field), field] as const),
  );
  const fields = [...distinct.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  const ids = new Set(parts.flatMap(({ before, after }) => (after ?? before)?.id ?? []));
  return {
    kind: first.kind,
    object: first.object,
    title: titleOf(fields),
    fields: fields.slice(0, MOST_FIELDS),
    who: latest(parts.flatMap((part) => newEdits(part, first.object))),
    nodes: [...ids].sort().slice(0, MOST_NODES),
  };
}

/** Edits of the object that were not there before. */
function newEdits({ before, after }: EventPart, object: string): readonly Who[] {
  const known = new Set(editsOf(before).map((edit) => `${edit.object} ${edit.at} ${edit.manager}`));
  return editsOf(after).filter(
    (edit) => edit.object === object && !known.has(`${edit.object} ${edit.at} ${edit.manager}`),
  );
}

function titleOf(fields: readonly FieldChange[]): string {
  const first = fields[0];
  if (!first) return 'edited: the difference is in no field that is shown here';
  const more = fields.length > 1 ? ` and ${fields.length - 1} more` : '';
  return `${fieldWords(first)}${more}`;
}

const LONGEST = 120;

/** A field's change in words: `replicas: 3 → 0`. */
export function fieldWords({ path, before, after }: FieldChange): string {
  const name = path.startsWith('images.') ? `image ${path.slice('images.'.length)}` : path;
  const cut = (value: FieldChange['before']) => {
    const text = value === null || value === '' ? 'none' : String(value);
    return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  };
  if (path === 'exists') return after === true ? 'created' : 'deleted';
  if (path.startsWith(BEHIND)) return `${after === true ? 'now' : 'no longer'} ${path}`;
  if (path === 'exposed') return after === true ? 'exposed' : 'no longer exposed';
  if (before === null) return `${name}: added, ${cut(after)}`;
  if (after === null) return `${name}: removed, was ${cut(before)}`;
  return `${name}: ${cut(before)} → ${cut(after)}`;
}
