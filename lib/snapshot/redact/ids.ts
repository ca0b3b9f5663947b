/** Ids without names. They keep what tells the kind of a node, which the page reads, and nothing else. */
import { edgeId, hostId, NO_CONTROLLER_ID, segment } from '@/lib/topology/ids';
import type { TopologyEdge, TopologyNode } from '@/lib/topology/model';
import type { Changer } from './details';

/** What of an id is of ours: its kind, and how a controller or a load balancer is known. */
const OWN =
  /^(controller:(?:workload|external|class)\/|loadbalancer:(?:service|ingress|group|gateway|nodes|nodeport)\/|rule:Ingress\.networking\.k8s\.io\/|[a-z]+:)/;

/** Old ids → new ones, each only once. */
export class Ids {
  readonly #made = new Map<string, string>();
  readonly #taken = new Set<string>([NO_CONTROLLER_ID]);
  readonly #changer: Changer;

  constructor(changer: Changer) {
    this.#changer = changer;
  }

  /** The new id of a node of the view. */
  addNode(node: TopologyNode): string {
    const { id } = node;
    if (id === NO_CONTROLLER_ID || id === 'host:*') return this.#keep(id, id);
    if (node.kind === 'host') return this.#keep(id, hostId(this.#changer.name(node.name, 'host')));
    const prefix = OWN.exec(id)?.[1] ?? `${node.kind}:`;
    const namespace =
      node.namespace === '' ? '' : `${segment(this.#changer.name(node.namespace, 'namespace'))}/`;
    const name = node.ref?.name ?? node.name;
    return this.#keep(id, `${prefix}${namespace}${segment(this.#changer.name(name, node.kind))}`);
  }

  addEdge(edge: TopologyEdge): string {
    const port = edge.port === undefined ? undefined : portOf(edge.port, this.#changer);
    return this.#keep(edge.id, edgeId(edge.kind, this.of(edge.source), this.of(edge.target), port));
  }

  /** A finding's id: its code and a number. */
  addFinding(id: string, code: string): string {
    return this.#keep(id, `${code}:finding`);
  }

  /** The new id of whatever had this one; of what is not in the view one that tells its kind only. */
  of(id: string): string {
    const known = this.#made.get(id);
    if (known !== undefined) return known;
    const kind = /^[a-z][a-z-]*(?=:)/.exec(id)?.[0] ?? 'other';
    return this.#keep(id, `${kind}:elsewhere`);
  }

  /** The same, where there is one already. */
  known(id: string): string | null {
    return this.#made.get(id) ?? null;
  }

  #keep(old: string, wanted: string): string {
    let made = wanted;
    for (let n = 2; this.#taken.has(made) && made !== old; n++) made = `${wanted}~${n}`;
    this.#taken.add(made);
    this.#made.set(old, made);
    return made;
  }
}

/** A port's number tells nothing; its name may. */
export function portOf(port: number | string, changer: Changer): number | string {
  return typeof port === 'number' ? port : changer.text(port);
}
