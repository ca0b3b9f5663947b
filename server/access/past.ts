import 'server-only';
import { maskTopology } from '@/lib/access/mask-topology';
import type { MaskOptions } from '@/lib/access/masked-graph';
import { type HistoryMask, maskedChange, maskedWords } from '@/lib/access/masked-history';
import { NameIndex } from '@/lib/access/name-index';
import type { ClusterInfo, Topology } from '@/lib/topology/model';
import { indexed, View } from '@/lib/topology/view';
import { NO_FILTERS, type ViewFilters } from '@/lib/topology/view-filters';
import { isUnfiltered } from '@/lib/wire/filters';
import type { HttpContext } from '@/server/http/context';
import { MOST_EVENTS } from '@/server/http/history';
import { topologyChunks } from '@/server/hub/chunks';
import { inTurns, type Serial } from '@/server/hub/turns';
import type { FindingWord, History, HistoryEvent, HistoryQuery } from '@/server/recorder/types';
import { told } from './masked-source';

type Recorder = HttpContext['recorder'];

export interface PastOptions {
  readonly recorder: Recorder;
  readonly mask: MaskOptions & HistoryMask;
  readonly common: ReadonlySet<string>;
  readonly limited: NonNullable<ClusterInfo['limited']>;
  /** Of all viewers: each view of the past takes a whole topology, so they are made one after the other. */
  readonly serial: Serial;
}

/** The recorder as viewers have it who may not see everything. What is kept is whole; it is masked when it is read. */
export function restrictedRecorder({ recorder, mask, common, limited, serial }: PastOptions): Recorder {
  const at = async (time: number, filters: ViewFilters) => {
    // Names of others are known only from the whole: it is masked first, and narrowed then.
    const found = await recorder.at(time, NO_FILTERS);
    if ('missing' in found) return found;
    const index = new NameIndex(common);
    const topology = await inTurns(pastView(found.topology, filters, { ...mask, index }));
    return { ...found, topology: { ...topology, cluster: told(topology.cluster, limited) } };
  };
  return {
    get status() {
      return recorder.status;
    },
    at: (time, filters) => serial.run(() => at(time, filters)),
    atText: async (time, filters) => {
      const found = await serial.run(() => at(time, filters));
      if ('missing' in found) return found;
      const { topology, exact, gap } = found;
      const encoder = new TextEncoder();
      return { exact, gap, pieces: [...topologyChunks(topology)].map((piece) => encoder.encode(piece)) };
    },
    history: async (query) =>
      await maskedHistory(await recorder.history({ ...query, limit: MOST_EVENTS }), query, mask),
  };
}

function* pastView(
  whole: Topology,
  filters: ViewFilters,
  mask: Parameters<typeof maskTopology>[1],
): Generator<void, Topology> {
  const { graph, summary } = yield* maskTopology(whole, mask);
  const drawn = isUnfiltered(filters) ? graph : yield* new View(indexed(graph), filters).draw();
  return {
    ...whole,
    coverage: [],
    summary,
    nodes: [...drawn.nodes.values()],
    edges: [...drawn.edges.values()],
    findings: [...drawn.findings.values()],
  };
}

async function maskedHistory(history: History, { limit }: HistoryQuery, mask: HistoryMask): Promise<History> {
  const events = history.events.flatMap((event) => maskedEvent(event, mask) ?? []);
  const spans = history.spans.flatMap((span) => {
    const finding = maskedWord(span.finding, mask);
    return finding ? { ...span, finding } : [];
  });
  return {
    ...history,
    events: events.slice(-limit),
    spans: spans.slice(-limit),
    gaps: history.gaps,
    cut: history.cut || events.length > limit || spans.length > limit,
  };
}

function maskedEvent(event: HistoryEvent, mask: HistoryMask): HistoryEvent | null {
  if (event.finding) {
    const finding = maskedWord(event.finding, mask);
    return finding && { ...event, finding, detail: '' };
  }
  if (event.type !== 'change') return { ...event, detail: '' };
  const change = event.change && maskedChange(event.change, mask);
  return change ? { ...event, change, detail: '' } : null;
}

function maskedWord(word: FindingWord, mask: HistoryMask): FindingWord | null {
  return maskedWords(word, mask);
}
