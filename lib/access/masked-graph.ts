/**
 * A graph as one viewer sees it, kept in step with the whole one: what is hidden is not in it. `new MaskedGraph(…).fill()`
 * is the definition; `follow` must equal it.
 */
import { hostOfRule, kindOf } from '@/lib/topology/chains';
import type { Graph } from '@/lib/topology/graph';
import type { TopologyDelta, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { addTo, type MultiMap, removeFrom, valuesOf } from '@/lib/topology/multimap';
import { endsOfEdge } from '@/lib/topology/partition/partition-of';
import { sliced } from '@/lib/topology/slices';
import { MaskedFindings } from './masked-findings';
import { maskedEdge, maskedHost, maskedNode, placeholder, type SeenEnd } from './masked-node';
import type { NameIndex } from './name-index';
import { placeholderId } from './owners';
import { Patches, reindex } from './patches';
import { type Sight, Sights } from './sights';
import { stringsIn, wordsOf } from './words';

export interface MaskOptions {
  /** Namespaces that the viewer may see. */
  readonly namespaces: ReadonlySet<string>;
  readonly names: Pick<NameIndex, 'isSecret'>;
  /** A stand-in for what may not be named: always the same, and from which nobody finds the way back. */
  readonly opaque: (text: string) => string;
  /** What a code of a finding means, in words that are the same for everybody. */
  readonly meaningOf: (code: string) => string;
}

interface Dirty {
  readonly nodes: Set<string>;
  readonly edges: Set<string>;
  readonly findings: Set<string>;
}

const NO_WORDS: ReadonlySet<string> = new Set();

export class MaskedGraph {
  readonly findings: MaskedFindings;
  readonly #graph: Graph;
  readonly #options: MaskOptions;
  readonly #sights: Sights;
  /** As last told. */
  readonly #seen = new Map<string, Exclude<Sight, null>>();
  readonly #hostOf = new Map<string, string>();
  readonly #rulesOf: MultiMap = new Map();
  /** Nodes and edges by the findings that they list, and shared nodes by their words. */
  readonly #listing: MultiMap = new Map();
  readonly #listed = new Map<string, readonly string[]>();
  readonly #byWord: MultiMap = new Map();
  readonly #words = new Map<string, readonly string[]>();
  readonly #patches = new Patches();

  constructor(graph: Graph, options: MaskOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#sights = new Sights(graph, options.namespaces);
    this.findings = new MaskedFindings(graph, {
      ...options,
      sees: (node) => this.#sights.of(node) !== null,
      isClean: this.isClean,
    });
  }

  /** Whether a text has no word that is a name of others alone. */
  readonly isClean = (text: string): boolean => {
    const { names, namespaces } = this.#options;
    for (const word of wordsOf(text)) if (names.isSecret(word, namespaces)) return false;
    return true;
  };

  /** Takes over all of the graph; the delta makes it from nothing. */
  fill(): Generator<void, TopologyDelta> {
    const { nodes, edges, findings } = this.#graph;
    const all = <T>(items: ReadonlyMap<string, T>) => ({ upsert: [...items.values()], remove: [] });
    return this.follow({ nodes: all(nodes), edges: all(edges), findings: all(findings) });
  }

  /**
   * Takes over a delta that the graph and the names already have, in slices; the graph must stand still between them.
   * @param words whose owners have changed with it.
   * @returns what changed for the viewer.
   */
  *follow(delta: TopologyDelta, words: ReadonlySet<string> = NO_WORDS): Generator<void, TopologyDelta> {
    this.#sights.forget();
    const dirty: Dirty = { nodes: new Set(), edges: new Set(), findings: new Set() };
    yield* this.#mark(delta, dirty);
    yield* sliced(words, (word) => {
      for (const id of this.findings.byWord(word)) dirty.findings.add(id);
      for (const id of valuesOf(this.#byWord, word)) dirty.nodes.add(id);
    });
    // A set is walked with what is added on the way: what is seen spreads until nothing changes.
    yield* sliced(dirty.nodes, (id) => this.#look(id, dirty));
    yield* sliced(dirty.findings, (id) => this.#judge(id, dirty));
    yield* sliced(dirty.edges, (id) => this.#patches.edges.set(id, this.#edge(id)));
    yield* sliced(dirty.nodes, (id) => this.#patches.nodes.set(id, this.#node(id)));
    yield* sliced(dirty.findings, (id) => this.#patches.findings.set(id, this.findings.told(id)));
    return this.#patches.take();
  }

  *#mark(delta: TopologyDelta, { nodes, edges, findings }: Dirty): Generator<void> {
    yield* sliced(delta.nodes.remove, (id) => {
      nodes.add(id);
      this.#ruleMoved(id, undefined, nodes);
    });
    yield* sliced(delta.nodes.upsert, (node) => {
      nodes.add(node.id);
      if (node.kind === 'rule') this.#ruleMoved(node.id, node, nodes);
    });
    for (const id of delta.edges.remove) {
      edges.add(id);
      for (const end of nodesOfEdge(id)) nodes.add(end);
    }
    yield* sliced(delta.edges.upsert, (edge) => {
      edges.add(edge.id);
      nodes.add(edge.source).add(edge.target);
    });
    for (const id of delta.findings.remove) findings.add(id);
    yield* sliced(delta.findings.upsert, ({ id }) => findings.add(id));
  }

  /** Remembers which host a rule has; both its hosts are to be looked at. */
  #ruleMoved(id: string, rule: TopologyNode | undefined, nodes: Set<string>): void {
    const before = this.#hostOf.get(id);
    const after = rule && hostOfRule(rule);
    if (before !== undefined) nodes.add(before);
    if (after !== undefined) nodes.add(after);
    if (before === after) return;
    if (before !== undefined) removeFrom(this.#rulesOf, before, id);
    if (after === undefined) this.#hostOf.delete(id);
    else {
      this.#hostOf.set(id, after);
      addTo(this.#rulesOf, after, id);
    }
  }

  /** Sees whether a node is seen as before; where it is not, all around it may be seen otherwise. */
  #look(id: string, dirty: Dirty): void {
    const before = this.#seen.get(id) ?? null;
    const sight = this.#sights.of(id);
    if (sight === null) this.#seen.delete(id);
    else this.#seen.set(id, sight);
    if (before === sight) return;
    for (const end of this.#sights.around(id)) dirty.nodes.add(end);
    for (const edge of this.#graph.out(id)) dirty.edges.add(edge);
    for (const edge of this.#graph.in(id)) dirty.edges.add(edge);
    for (const finding of this.findings.aboutHost(id)) dirty.findings.add(finding);
  }

  #judge(id: string, dirty: Dirty): void {
    if (!this.findings.judge(id)) return;
    for (const effect of this.findings.effectsOf(id)) dirty.findings.add(effect);
    for (const item of valuesOf(this.#listing, id))
      (this.#graph.edges.has(item) ? dirty.edges : dirty.nodes).add(item);
  }

  #node(id: string): TopologyNode | undefined {
    const node = this.#graph.nodes.get(id);
    const sight = this.#sights.of(id);
    this.#lists(id, sight === null || sight === 'hidden' ? undefined : node?.findings);
    this.#says(id, sight === null || sight === 'hidden' ? undefined : node);
    if (!node || sight === null) return undefined;
    if (sight === 'hidden') return placeholder(node, this.#options.opaque);
    const { namespaces } = this.#options;
    const context = { namespaces, findings: this.findings.idsOf, isClean: this.isClean };
    if (node.kind === 'host')
      return maskedHost(node, { ...context, rules: this.#rules(id), links: this.#links(id) });
    return maskedNode(node, sight, { ...context, hidden: this.#unseenAround(id) });
  }

  #rules(host: string) {
    return [...valuesOf(this.#rulesOf, host)]
      .filter((rule) => this.#sights.of(rule) === 'own')
      .flatMap((rule) => this.#graph.nodes.get(rule)?.status ?? []);
  }

  #links(host: string): readonly TopologyEdge[] {
    return [...this.#graph.out(host)].flatMap((id) => {
      const edge = this.#graph.edges.get(id);
      return edge && this.#sights.of(edge.target) !== null ? edge : [];
    });
  }

  #unseenAround(id: string): number {
    const unseen = new Set<string>();
    for (const end of this.#sights.around(id)) if (this.#sights.of(end) === null) unseen.add(end);
    return unseen.size;
  }

  #edge(id: string): TopologyEdge | undefined {
    const edge = this.#graph.edges.get(id);
    const source = edge && this.#end(edge.source);
    const target = edge && this.#end(edge.target);
    this.#lists(id, source && target ? edge?.findings : undefined);
    if (!edge || !source || !target) return undefined;
    return maskedEdge(edge, source, target, this.findings.idsOf(edge.findings), this.#options.opaque);
  }

  #end(id: string): SeenEnd | null {
    const sight = this.#sights.of(id);
    if (sight === null) return null;
    return { id: sight === 'hidden' ? placeholderId(kindOf(id), this.#options.opaque(id)) : id, sight };
  }

  /** Remembers which findings an item lists. */
  #lists(id: string, findings: readonly string[] = []): void {
    reindex(this.#listed, id, findings, {
      add: (finding) => addTo(this.#listing, finding, id),
      remove: (finding) => removeFrom(this.#listing, finding, id),
    });
  }

  /** Remembers the words of a node that gathers from several namespaces. */
  #says(id: string, node: TopologyNode | undefined): void {
    const gathers = node && GATHERING.has(node.kind);
    const words = gathers ? [...stringsIn(node.detail)].flatMap((text) => [...wordsOf(text)]) : [];
    reindex(this.#words, id, words, {
      add: (word) => addTo(this.#byWord, word, id),
      remove: (word) => removeFrom(this.#byWord, word, id),
    });
  }
}

const GATHERING: ReadonlySet<string> = new Set(['controller', 'loadbalancer', 'class', 'listener']);

/** The nodes that an edge's id names, also when the edge is gone. */
function nodesOfEdge(id: string): readonly string[] {
  const [source, target] = endsOfEdge(id);
  // Only a port comes after a second colon: those of names are escaped.
  return [source, target.split(':', 2).join(':')];
}
