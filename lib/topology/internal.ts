/** The internal part: Services and Pods that no entry reaches (CONTRACT "Scope"), in units that fold and narrow together. */
import type { TopologyEdge, TopologyNode } from './model';
import { searchText, searchWords } from './selection';
import { sliced } from './slices';
import type { ViewFilters } from './view-filters';

/** What no entry reaches, at one time. */
export interface Internal {
  readonly nodes: readonly TopologyNode[];
  /** From its Services to their pods, of which some may be reached by an entry all the same. */
  readonly edges: readonly TopologyEdge[];
  /** When it changes though no object does (epoch ms); null when never. */
  readonly wakeAt: number | null;
}

/** A Service with the pods that it counts, or a pod without Service. */
export interface InternalUnit {
  readonly service: TopologyNode | null;
  readonly pods: readonly TopologyNode[];
  readonly namespace: string;
}

/** Whether filters can choose any of it: what no entry reaches has no host, class or controller. */
export function asksInternal(filters: ViewFilters): boolean {
  return (
    filters.scope === 'all' &&
    filters.host.length === 0 &&
    filters.class.length === 0 &&
    filters.controller.length === 0
  );
}

/** The units that filters choose, in the order of the nodes. */
export function* internalUnits(
  internal: Internal,
  filters: ViewFilters,
): Generator<void, readonly InternalUnit[]> {
  const narrow = new Narrow(filters);
  const chosen: InternalUnit[] = [];
  yield* sliced(yield* unitsOf(internal), (unit) => {
    const part = narrow.of(unit);
    if (part) chosen.push(part);
  });
  return chosen;
}

function* unitsOf({ nodes, edges }: Internal): Generator<void, readonly InternalUnit[]> {
  const units = new Map<string, InternalUnit & { readonly pods: TopologyNode[] }>();
  const owners = new Map<string, string>();
  yield* sliced(edges, ({ source, target }) => {
    const before = owners.get(target);
    // The first by id counts a pod that several select, as everywhere.
    if (before === undefined || source < before) owners.set(target, source);
  });
  yield* sliced(nodes, (node) => {
    if (node.kind === 'service') units.set(node.id, { service: node, pods: [], namespace: node.namespace });
  });
  yield* sliced(nodes, (node) => {
    if (node.kind === 'service') return;
    const unit = units.get(owners.get(node.id) ?? '');
    if (unit) unit.pods.push(node);
    else units.set(node.id, { service: null, pods: [node], namespace: node.namespace });
  });
  return [...units.values()];
}

/** Narrows units: a Service whose own text matches brings its pods; else only the pods that match, with their Service. */
class Narrow {
  readonly #filters: ViewFilters;
  readonly #words: readonly string[];

  constructor(filters: ViewFilters) {
    this.#filters = filters;
    this.#words = searchWords(filters.q);
  }

  of(unit: InternalUnit): InternalUnit | null {
    const { namespace, service } = this.#filters;
    if (namespace.length > 0 && !namespace.includes(unit.namespace)) return null;
    if (service.length > 0 && !isNamed(unit.service, service)) return null;
    const focused = this.#focused(unit);
    return focused && this.#matching(focused);
  }

  #focused(unit: InternalUnit): InternalUnit | null {
    const { focus } = this.#filters;
    if (focus === null || unit.service?.id === focus) return unit;
    const pods = unit.pods.filter((pod) => pod.id === focus);
    return pods.length > 0 ? { ...unit, pods } : null;
  }

  #matching(unit: InternalUnit): InternalUnit | null {
    const { service } = unit;
    if (this.#words.length === 0 && this.#filters.status.length === 0) return unit;
    const text = service ? internalText(service) : '';
    const whole = service !== null && this.#hasWords(text);
    const pods = unit.pods.filter(
      (pod) => this.#hasStatus(pod) && (whole || this.#hasWords(`${text}\n${internalText(pod)}`)),
    );
    const own = whole && this.#hasStatus(service);
    return own || pods.length > 0 ? { ...unit, pods } : null;
  }

  #hasStatus({ status }: TopologyNode): boolean {
    return this.#filters.status.length === 0 || this.#filters.status.includes(status);
  }

  #hasWords(text: string): boolean {
    return this.#words.every((word) => text.includes(word));
  }
}

function isNamed(service: TopologyNode | null, wanted: readonly string[]): boolean {
  if (!service) return false;
  const names = [service.id, service.name, `${service.namespace}/${service.name}`];
  return wanted.some((name) => names.includes(name));
}

function internalText(node: TopologyNode): string {
  const { labels } = node.detail as { readonly labels?: Readonly<Record<string, string>> };
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${searchText(node)}\n${pairs.join('\n').toLowerCase()}`;
}
