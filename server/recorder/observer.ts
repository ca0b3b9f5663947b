import 'server-only';
import { tellingChanges } from '@/lib/history/change-events';
import type { Before, Finding, Topology, TopologyDelta } from '@/lib/topology/model';
import { sliced } from '@/lib/topology/slices';
import type { Head } from '@/server/hub/shared-view';
import type { NewEvent } from './messages';
import type { FindingWord } from './types';

/** Hosts and rules of a finding that history names. */
const MOST_NAMED = 20;

/** Tells what happened from what was published: which findings opened, changed and closed (settled ones only), and what people changed. */
export class Observer {
  /** `told`: as this run has told history of it; null: an earlier one has. */
  readonly #open = new Map<string, { readonly told: Finding | null; readonly now: Finding }>();
  #cluster: Head['cluster'] | null = null;

  /** Everything that is open as a run begins. */
  *begin(head: Head, { findings }: Pick<Topology, 'findings'>): Generator<void, readonly FindingWord[]> {
    this.#cluster = head.cluster;
    const words: FindingWord[] = [];
    yield* sliced(findings, (finding) => {
      if (!finding.settled) return;
      this.#open.set(finding.id, { told: null, now: finding });
      words.push(wordOf(finding));
    });
    return words;
  }

  /** What a published change means. `was`: what it changed, as it was. */
  *take(head: Head, delta: TopologyDelta, was: Before): Generator<void, readonly NewEvent[]> {
    const { findings } = delta;
    const events: NewEvent[] = [];
    const before = this.#cluster;
    this.#cluster = head.cluster;
    if (before && before.connection !== head.cluster.connection)
      events.push({ type: 'connection', finding: null, detail: connectionWords(head.cluster) });
    // Before what came of it.
    for (const change of yield* tellingChanges((id) => was.nodes.get(id), delta))
      events.push({ type: 'change', finding: null, change, detail: `${change.object}: ${change.title}` });
    yield* sliced(findings.remove, (id) => this.#close(id, events));
    yield* sliced(findings.upsert, (finding) => this.#change(finding, events));
    return events;
  }

  #change(finding: Finding, events: NewEvent[]): void {
    if (!finding.settled) {
      this.#close(finding.id, events);
      return;
    }
    const before = this.#open.get(finding.id);
    const now = before?.now;
    const isSame = now && now.severity === finding.severity && now.state === finding.state;
    this.#open.set(finding.id, { told: isSame ? before.told : finding, now: finding });
    if (!now) events.push({ type: 'finding-opened', finding: wordOf(finding) });
    else if (!isSame) {
      const was = { severity: now.severity, state: now.state };
      events.push({ type: 'finding-changed', finding: wordOf(finding), was });
    }
  }

  #close(id: string, events: NewEvent[]): void {
    const before = this.#open.get(id);
    if (!before) return;
    this.#open.delete(id);
    const { told, now } = before;
    // As it was told when it opened: its span has the words.
    if (told === now) events.push({ type: 'finding-closed', finding: null, of: id });
    else events.push({ type: 'finding-closed', finding: wordOf(now) });
  }
}

function connectionWords({ connection, reason }: Head['cluster']): string {
  return reason ? `${connection}: ${reason}` : connection;
}

function wordOf(finding: Finding): FindingWord {
  const { id, code, severity, impact, state, hop, title, cause, since, subject, affects } = finding;
  const distinct = (ids: readonly string[]) => [...new Set(ids)].sort().slice(0, MOST_NAMED);
  return {
    id,
    code,
    severity,
    impact,
    state,
    hop,
    title,
    cause,
    since,
    namespace: subject.kind === 'Namespace' ? subject.name : subject.namespace,
    hosts: distinct(affects.map(({ host }) => host)),
    rules: distinct(affects.map(({ rule }) => rule)),
  };
}
