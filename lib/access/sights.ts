/** Which nodes a viewer may see. A function of the graph alone, and local: it looks at a node and what stands around it. */
import { kindOf } from '@/lib/topology/chains';
import type { Graph } from '@/lib/topology/graph';
import type { TopologyNode } from '@/lib/topology/model';
import { namespaceOf, namespacesOfHost } from './owners';

/**
 * `own`: in a namespace of the viewer's. `shared`: in none, and something of the viewer's leads to it. `hidden`: in a
 * namespace of others, and on the way of something of the viewer's: a placeholder stands for it. null: not seen at all.
 */
export type Sight = 'own' | 'shared' | 'hidden' | null;

export class Sights {
  readonly #graph: Graph;
  readonly #namespaces: ReadonlySet<string>;
  readonly #memo = new Map<string, Sight>();

  constructor(graph: Graph, namespaces: ReadonlySet<string>) {
    this.#graph = graph;
    this.#namespaces = namespaces;
  }

  /** Must be called when the graph has changed. */
  forget(): void {
    this.#memo.clear();
  }

  /** How a node is seen. */
  of(id: string): Sight {
    const known = this.#memo.get(id);
    if (known !== undefined) return known;
    const sight = this.#look(id);
    this.#memo.set(id, sight);
    return sight;
  }

  /** The other ends of all edges at a node. */
  *around(id: string): Generator<string> {
    for (const edge of this.#graph.out(id)) yield this.#graph.edges.get(edge)?.target ?? '';
    yield* this.#before(id);
  }

  *#before(id: string): Generator<string> {
    for (const edge of this.#graph.in(id)) yield this.#graph.edges.get(edge)?.source ?? '';
  }

  #look(id: string): Sight {
    const node = this.#graph.nodes.get(id);
    if (!node) return null;
    const namespace = namespaceOf(node);
    if (this.#namespaces.has(namespace)) return 'own';
    return namespace === '' ? this.#shared(node) : this.#hidden(id);
  }

  #shared(node: TopologyNode): Sight {
    const { id } = node;
    const kind = kindOf(id);
    const isSeen =
      kind === 'host'
        ? namespacesOfHost(node).some((name) => this.#namespaces.has(name))
        : kind === 'address'
          ? this.#some(this.#before(id), (end) => this.#isHost(end))
          : this.#touchesOwn(id);
    return isSeen ? 'shared' : null;
  }

  #hidden(id: string): Sight {
    const kind = kindOf(id);
    // Rules, pods and endpoints of others are no part of anybody else's way.
    if (kind === 'rule' || kind === 'pod' || kind === 'endpoint') return null;
    if (this.#touchesOwn(id)) return 'hidden';
    return kind === 'loadbalancer' && this.#leadsOn(id) ? 'hidden' : null;
  }

  /** A load balancer of others is on the way where a seen host or controller is at its ends. */
  #leadsOn(id: string): boolean {
    if (this.#some(this.#before(id), (end) => this.#isHost(end))) return true;
    return this.#some(this.around(id), (end) => kindOf(end) === 'controller' && this.of(end) !== null);
  }

  #isHost(id: string): boolean {
    return kindOf(id) === 'host' && this.of(id) !== null;
  }

  #touchesOwn(id: string): boolean {
    return this.#some(this.around(id), (end) => {
      const node = this.#graph.nodes.get(end);
      return node !== undefined && this.#namespaces.has(namespaceOf(node));
    });
  }

  #some(ids: Iterable<string>, is: (id: string) => boolean): boolean {
    for (const id of ids) if (is(id)) return true;
    return false;
  }
}
