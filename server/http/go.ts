import 'server-only';
import type { RuleDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import { hostId, podId, segment, serviceId } from '@/lib/topology/ids';
import type { TopologyNode } from '@/lib/topology/model';
import { statusRank } from '@/lib/topology/status';
import type { Indexed } from '@/lib/topology/view';
import type { Viewer } from '@/server/access/viewer';
import type { HttpContext } from './context';
import { badParameters } from './problem';
import type { Everywhere } from './serve';

/** Where a link leads: a node in focus and in the inspector, or a search where there is no such node. */
type Target = { readonly focus: string } | { readonly q: string };

const KEYS = ['host', 'url', 'ingress', 'service', 'pod'] as const;

type Key = (typeof KEYS)[number];

/**
 * `GET /go?host=|url=|ingress=NS/NAME|service=NS/NAME|pod=NS/NAME`: the link for alerts and runbooks. Of several clusters
 * the first that has it, unless `cluster` names one.
 */
export async function go(
  request: Request,
  context: HttpContext,
  _viewer?: Viewer,
  everywhere: Everywhere = () => Promise.resolve([context]),
): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const key = KEYS.find((candidate) => (params.get(candidate) ?? '') !== '');
  if (!key) {
    const parameter = KEYS.join('|');
    return badParameters([
      { parameter, value: '', problem: 'is missing', allowed: KEYS.map((name) => `/go?${name}=…`) },
    ]);
  }
  const value = (params.get(key) ?? '').trim();
  const all = await everywhere();
  const among = (params.get('cluster') ?? '') === '' ? all : [context];
  const { target, of } = await whereIs(key, value, among);
  const { id } = of.hub.head.cluster;
  const query = new URLSearchParams('focus' in target ? { ...target, select: target.focus } : { ...target });
  if (id !== all[0]?.hub.head.cluster.id) query.set('cluster', id);
  // Always a path of this dashboard: nothing that was given can lead elsewhere.
  const location = `/?${query}`;
  return new Response(null, { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' } });
}

interface Place {
  readonly target: Target;
  readonly of: HttpContext;
}

/** The first cluster that has it; else one that has not been read yet and may have it; else a search in the first. */
async function whereIs(key: Key, value: string, among: readonly HttpContext[]): Promise<Place> {
  const places = await Promise.all(among.map((of) => placeIn(of, key, value)));
  const found = places.find(({ target, of }) => 'focus' in target && of.hub.synced);
  const perhaps = places.find(({ target }) => 'focus' in target);
  const [first] = places;
  if (!first) throw new Error('there is no cluster');
  return found ?? perhaps ?? first;
}

async function placeIn(of: HttpContext, key: Key, value: string): Promise<Place> {
  const { hub } = of;
  return { target: await hub.read((source) => targetOf(source, key, value, hub.synced)), of };
}

function targetOf(source: Indexed, key: Key, value: string, synced: boolean): Target {
  const { graph } = source;
  if (key === 'host') return ofHost(graph, value.toLowerCase(), synced);
  if (key === 'url') return ofUrl(source, value, synced);
  const [namespace = '', name = ''] = value.split('/');
  if (namespace === '' || name === '') return { q: value };
  if (key === 'ingress') return ofIngress(graph, namespace, name) ?? { q: value };
  const id = key === 'service' ? serviceId(namespace, name) : podId(namespace, name);
  return graph.nodes.has(id) || !synced ? { focus: id } : { q: value };
}

function ofHost(graph: Graph, host: string, synced: boolean): Target {
  const wildcard = `*.${host.slice(host.indexOf('.') + 1)}`;
  const ids = [hostId(host), hostId(wildcard)];
  const found = ids.find((id) => graph.nodes.has(id)) ?? (synced ? null : hostId(host));
  return found ? { focus: found } : { q: host };
}

/** The rule with the longest path that leads the URL's; else its host. */
function ofUrl({ graph, chains }: Indexed, text: string, synced: boolean): Target {
  const url = URL.parse(text) ?? URL.parse(`https://${text}`);
  if (!url || url.hostname === '') return { q: text };
  const target = ofHost(graph, url.hostname, synced);
  if (!('focus' in target)) return target;
  let best: TopologyNode | null = null;
  for (const pivot of chains.units.get(target.focus)?.pivots ?? []) {
    const rule = graph.nodes.get(pivot);
    if (rule && leads(pathOf(rule), url.pathname) && (!best || pathOf(rule).length > pathOf(best).length))
      best = rule;
  }
  return best ? { focus: best.id } : target;
}

function pathOf(rule: TopologyNode): string {
  return (rule.detail as Partial<RuleDetail>).path || '/';
}

function leads(prefix: string, path: string): boolean {
  return path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);
}

/** Of an Ingress' rules the worst one. */
function ofIngress(graph: Graph, namespace: string, name: string): Target | null {
  const prefix = `rule:Ingress.networking.k8s.io/${segment(namespace)}/${segment(name)}/`;
  let worst: TopologyNode | null = null;
  for (const node of graph.nodes.values()) {
    if (!node.id.startsWith(prefix)) continue;
    const rank = worst ? statusRank(node.status) - statusRank(worst.status) : -1;
    if (!worst || rank < 0 || (rank === 0 && node.id < worst.id)) worst = node;
  }
  return worst ? { focus: worst.id } : null;
}
