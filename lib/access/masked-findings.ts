/** The findings of a graph as one viewer sees them, kept in step with it. */
import type { Graph } from '@/lib/topology/graph';
import { hostId } from '@/lib/topology/ids';
import type { Finding } from '@/lib/topology/model';
import { addTo, type MultiMap, removeFrom, valuesOf } from '@/lib/topology/multimap';
import {
  type FindingContext,
  type FindingSight,
  findingIdOf,
  maskedFinding,
  sightOf,
  textsOf,
} from './masked-finding';
import { wordsOf } from './words';

export interface FindingsOptions extends FindingContext {
  readonly opaque: (text: string) => string;
  /** What a code means, in words that are the same for everybody. */
  readonly meaningOf: (code: string) => string;
}

interface Judged {
  readonly finding: Finding;
  readonly sight: FindingSight;
  readonly id: string | null;
}

export class MaskedFindings {
  readonly #graph: Graph;
  readonly #options: FindingsOptions;
  readonly #judged = new Map<string, Judged>();
  /** Findings by what they must be judged anew for: a word in them, the host that they are about. */
  readonly #byWord: MultiMap = new Map();
  readonly #byHost: MultiMap = new Map();
  readonly #effects: MultiMap = new Map();

  constructor(graph: Graph, options: FindingsOptions) {
    this.#graph = graph;
    this.#options = options;
  }

  /** The ids by which the viewer knows findings; the same list where nothing differs. */
  readonly idsOf = (ids: readonly string[]): readonly string[] => {
    const told = ids.flatMap((id) => this.#judged.get(id)?.id ?? []);
    return told.length === ids.length && told.every((id, index) => id === ids[index]) ? ids : told;
  };

  /** Whether there is such a finding now. */
  knows(id: string): boolean {
    return this.#judged.has(id);
  }

  /** Whether the viewer sees all that a finding says. */
  isWhole(id: string): boolean {
    return this.#judged.get(id)?.sight === 'whole';
  }

  byWord(word: string): Iterable<string> {
    return valuesOf(this.#byWord, word);
  }

  aboutHost(id: string): Iterable<string> {
    return valuesOf(this.#byHost, id);
  }

  /** Judges one finding anew; whether the viewer knows it by another id now, or not any more. */
  judge(id: string): boolean {
    const before = this.#judged.get(id);
    const finding = this.#graph.findings.get(id);
    if (before && before.finding !== finding) this.#index(before.finding, removeFrom);
    if (finding && before?.finding !== finding) this.#index(finding, addTo);
    const sight = finding ? sightOf(finding, this.#options) : null;
    const told = finding ? findingIdOf(finding, sight, this.#options.isClean, this.#options.opaque) : null;
    if (finding) this.#judged.set(id, { finding, sight, id: told });
    else this.#judged.delete(id);
    return (before?.id ?? null) !== told;
  }

  /** What must be told anew when the id of this one has changed. */
  effectsOf(id: string): Iterable<string> {
    return valuesOf(this.#effects, id);
  }

  /** The finding as the viewer sees it; undefined where he does not. */
  told(id: string): Finding | undefined {
    const judged = this.#judged.get(id);
    if (!judged || judged.sight === null || judged.id === null) return undefined;
    const { cause, code } = judged.finding;
    const told = {
      id: judged.id,
      cause: cause === null ? null : (this.#judged.get(cause)?.id ?? null),
      meaning: this.#options.meaningOf(code),
    };
    return maskedFinding(judged.finding, judged.sight, told, this.#options);
  }

  #index(finding: Finding, change: (index: MultiMap, key: string, value: string) => void): void {
    const { id, subject, cause } = finding;
    if (cause !== null) change(this.#effects, cause, id);
    for (const host of hostsOf(finding)) change(this.#byHost, host, id);
    // What can never be seen whole needs no words.
    if (subject.namespace !== '' && !this.#options.namespaces.has(subject.namespace)) return;
    for (const text of textsOf(finding)) for (const word of wordsOf(text)) change(this.#byWord, word, id);
  }
}

function hostsOf({ subject, related, evidence }: Finding): ReadonlySet<string> {
  const refs = [subject, ...related, ...evidence.flatMap(({ ref }) => ref ?? [])];
  return new Set(refs.filter(({ kind }) => kind === 'Host').map(({ name }) => hostId(name)));
}
