/** What the page shows: the topology of the view in the address bar, and how the line is. Messages are taken in once per frame. */
import { create } from 'zustand';
import type { StreamMessage } from '@/lib/wire/messages';
import { applyConnection, applyDelta, applySnapshot, type TopologyState } from '@/lib/wire/reduce';
import { FIRST_LINK, type Link, type ToTab } from './protocol';

export interface Live {
  readonly topology: TopologyState | null;
  /** Filters that `topology` was made with; while they differ from the wanted ones, a new view is on its way. */
  readonly filters: string | null;
  readonly link: Link;
}

export const useLive = create<Live>()(() => ({ topology: null, filters: null, link: FIRST_LINK }));

/** Takes in one message; pure, so that it can be tested without a browser. */
export function reduceLive(live: Live, incoming: ToTab): Live {
  if (incoming.type === 'link') return { ...live, link: incoming.link };
  const { message, filters } = incoming;
  if (message.type === 'snapshot') {
    return { ...live, filters, topology: applySnapshot(message.data, live.topology ?? undefined) };
  }
  if (!live.topology || filters !== live.filters) return live;
  const topology = reduceTopology(live.topology, message);
  return topology === live.topology ? live : { ...live, topology };
}

function reduceTopology(topology: TopologyState, message: StreamMessage): TopologyState {
  if (message.type === 'connection') return applyConnection(topology, message.data.cluster);
  if (message.type !== 'delta') return topology;
  const reduction = applyDelta(topology, message.data);
  return reduction.type === 'applied' ? reduction.state : topology;
}

/** A queue that is emptied once per frame, so that a burst of deltas costs one redraw. */
export function createInbox(): (message: ToTab) => void {
  let queue: ToTab[] = [];
  const flush = () => {
    if (queue.length === 0) return;
    const batch = queue;
    queue = [];
    useLive.setState((live) => batch.reduce(reduceLive, live));
  };
  return (message) => {
    queue.push(message);
    if (queue.length > 1) return;
    requestAnimationFrame(flush);
    // A hidden tab gets no frames; it still has to keep up, or its queue grows without end.
    setTimeout(flush, 300);
  };
}
