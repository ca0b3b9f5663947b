/**
 * Whose names there are: for each word the namespaces that own something called so. One for all viewers; a word is secret
 * to a viewer where only others own it.
 */

import type { Ref } from '@/lib/kube/refs';
import type { Graph } from '@/lib/topology/graph';
import type { Finding, TopologyDelta, TopologyNode } from '@/lib/topology/model';
import { addTo, type MultiMap, removeFrom, valuesOf } from '@/lib/topology/multimap';
import { sliced } from '@/lib/topology/slices';
import { namespaceOfRef, ownersOf } from './owners';
import { wordsOf } from './words';

interface Owned {
  readonly owner: string;
  readonly text: string;
}

export class NameIndex {
  readonly #common: ReadonlySet<string>;
  /** How often an owner has a word. */
  readonly #counts = new Map<string, number>();
  readonly #owners: MultiMap = new Map();
  readonly #nodes = new Map<string, TopologyNode>();
  readonly #findings = new Map<string, Finding>();

  /** @param common words that tell nothing whoever uses them as a name: those of our own texts. */
  constructor(common: ReadonlySet<string>) {
    this.#common = common;
  }

  /** Takes over all of a graph, in slices; for a new index. */
  *fill(graph: Graph): Generator<void> {
    const none = { upsert: [], remove: [] };
    yield* this.update({
      nodes: { upsert: [...graph.nodes.values()], remove: [] },
      edges: none,
      findings: { upsert: [...graph.findings.values()], remove: [] },
    });
  }

  /** Takes over a delta, in slices; the words whose owners have changed by it. */
  *update(delta: TopologyDelta): Generator<void, ReadonlySet<string>> {
    const touched = new Set<string>();
    const node = (id: string, after?: TopologyNode) =>
      this.#replace(this.#nodes, id, after, namesOfNode, touched);
    const finding = (id: string, after?: Finding) =>
      this.#replace(this.#findings, id, after, namesOfFinding, touched);
    // What is new first: a word that only moves has never been without its owner.
    yield* sliced(delta.nodes.upsert, (item) => node(item.id, item));
    yield* sliced(delta.findings.upsert, (item) => finding(item.id, item));
    yield* sliced(delta.nodes.remove, (id) => node(id));
    yield* sliced(delta.findings.remove, (id) => finding(id));
    return touched;
  }

  /** Whether a word is a name that only others than these namespaces have. */
  isSecret(word: string, namespaces: ReadonlySet<string>): boolean {
    let owned = false;
    for (const owner of valuesOf(this.#owners, word)) {
      if (namespaces.has(owner)) return false;
      owned = true;
    }
    return owned;
  }

  #replace<T>(
    known: Map<string, T>,
    id: string,
    after: T | undefined,
    namesOf: (item: T) => readonly Owned[],
    touched: Set<string>,
  ): void {
    const before = known.get(id);
    if (before === after) return;
    if (after === undefined) known.delete(id);
    else {
      known.set(id, after);
      this.#count(namesOf(after), 1, touched);
    }
    if (before !== undefined) this.#count(namesOf(before), -1, touched);
  }

  #count(names: readonly Owned[], by: 1 | -1, touched: Set<string>): void {
    for (const { owner, text } of names)
      for (const word of new Set(ownWords(text)))
        if (!this.#common.has(word) && this.#owns(owner, word, by)) touched.add(word);
  }

  /** Counts a word of an owner; whether he has it from now on, or has it no more. */
  #owns(owner: string, word: string, by: 1 | -1): boolean {
    const key = `${word}\n${owner}`;
    const count = (this.#counts.get(key) ?? 0) + by;
    if (count > 0) this.#counts.set(key, count);
    else this.#counts.delete(key);
    if (count === 0) removeFrom(this.#owners, word, owner);
    else if (count === by) addTo(this.#owners, word, owner);
    else return false;
    return true;
  }
}

/** The words that a name gives away: a DNS name only whole, for its labels are everybody's. */
function* ownWords(text: string): Generator<string> {
  const whole = text.toLowerCase();
  yield whole;
  if (whole.startsWith('*.')) yield whole.slice(2);
  // What no DNS name looks like is taken apart as a reader would.
  else if (!/^[a-z0-9.-]+$/.test(whole)) yield* wordsOf(whole);
}

function namesOfNode(node: TopologyNode): readonly Owned[] {
  const { workload, ingress, class: className } = node.detail;
  // A class is nobody's, but one that only others use tells of them.
  const texts = [node.name, workload, ingress, node.kind === 'rule' ? className : ''].filter(
    (text) => typeof text === 'string' && text !== '',
  );
  return ownersOf(node).flatMap((owner) => [
    { owner, text: owner },
    ...texts.map((text) => ({ owner, text: String(text) })),
  ]);
}

function namesOfFinding(finding: Finding): readonly Owned[] {
  const refs = [finding.subject, ...finding.related, ...finding.evidence.flatMap(({ ref }) => ref ?? [])];
  return refs.flatMap(namesOfRef);
}

function namesOfRef(ref: Ref): readonly Owned[] {
  const owner = namespaceOfRef(ref);
  return owner === ''
    ? []
    : [{ owner, text: owner }, ...(ref.name === '' ? [] : [{ owner, text: ref.name }])];
}
