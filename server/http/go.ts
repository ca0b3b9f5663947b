import 'server-only';
import type { RuleDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import { hostId, podId, segment, serviceId } from '@/lib/topology/ids';
import type { TopologyNode } from '@/lib/topology/model';
import { statusRank } from '@/lib/topology/status';
import type { Indexed } from '@/lib/topology/view';
import type { HttpContext } from './context';
import { badParameters } from './problem';

/** Where a link leads: a node in focus and in the inspector, or a search where there is no such node. */
type Target = { readonly focus: string } | { readonly q: string };

const KEYS = ['host', 'url', 'ingress', 'service', 'pod'] as const;

/** `GET /go?host=|url=|ingress=NS/NAME|service=NS/NAME|pod=NS/NAME`: the link for alerts and runbooks. */
export async function go(request: Request, context: HttpContext): Promise<Response> {
  const params = new URL(request.url).searchParams;
  const key = KEYS.find((candidate) => (params.get(candidate) ?? '') !== '');
  if (!key) {
    const parameter = KEYS.join('|');
    return badParameters([
      { parameter, value: '', problem: 'is missing', allowed: KEYS.map((name) => `/go?${name}=…`) },
    ]);
  }
  const value = (params.get(key) ?? '').trim();
  const { synced } = context.hub;
  const target = await context.hub.read((source) => targetOf(source, key, value, synced));
  // Always a path of this dashboard: nothing that was given can lead elsewhere.
  const location = `/?${new URLSearchParams('focus' in target ? { ...target, select: target.focus } : { ...target })}`;
  return new Response(null, { status: 302, headers: { Location: location, 'Cache-Control': 'no-store' } });
}

function targetOf(source: Indexed, key: (typeof KEYS)[number], value: string, synced: boolean): Target {
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
