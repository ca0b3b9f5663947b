/** Services with their pods. */
import type { TopologyNode } from '@/lib/topology/model';
import { columnOf, heightOf, ROW_GAP } from './columns';
import { type Frame, members, ordered, type Pull, takeRow, wishOf } from './frame';
import { byText, stableOrder } from './order';
import { pack } from './pack';

/** A Service leans on its rules, else on the load balancer that exposes it. */
const PULLS: readonly Pull[] = [
  { via: 'incoming', column: 'rule' },
  { via: 'incoming', column: 'loadbalancer' },
  { via: 'incoming', column: 'service' },
];

const CARD = 50;

/** A Service and its pods are one unit: as high as its pods, the Service level with their middle. */
export function placeServices(frame: Frame): void {
  const services = members(frame, 'service').sort((a, b) => byText(a.id, b.id));
  const serviceItems = services.map((service) => {
    return { id: service.id, wish: wishOf(frame, service.id, PULLS) ?? takeRow(frame, heightOf(service)) };
  });
  const order = ordered(serviceItems, frame.rank);
  const podsOf = podOwners(
    frame,
    order.map((item) => item.id),
  );
  const items = order.map(({ id, wish }) => {
    const height = unitHeight(podsOf.get(id) ?? []);
    return { id, height, wish: wish - (height - CARD) / 2 };
  });
  for (const [id, top] of pack(items, ROW_GAP)) {
    const pods = podsOf.get(id) ?? [];
    frame.tops.set(id, Math.round(top + (unitHeight(pods) - CARD) / 2));
    let y = top;
    for (const pod of pods) {
      frame.tops.set(pod.id, y);
      y += heightOf(pod) + ROW_GAP;
    }
  }
  placeLoosePods(frame);
}

function unitHeight(pods: readonly TopologyNode[]): number {
  const stack = pods.reduce((sum, pod) => sum + heightOf(pod) + ROW_GAP, -ROW_GAP);
  return Math.max(CARD, stack);
}

/** A pod behind several Services stands with the topmost of them. */
function podOwners(frame: Frame, services: readonly string[]): Map<string, TopologyNode[]> {
  const taken = new Set<string>();
  const owners = new Map<string, TopologyNode[]>();
  for (const service of services) {
    const pods: TopologyNode[] = [];
    for (const id of frame.outgoing.get(service) ?? []) {
      const node = frame.nodes.get(id);
      if (!node || columnOf(node) !== 'pods' || taken.has(id)) continue;
      taken.add(id);
      pods.push(node);
    }
    pods.sort((a, b) => byText(a.id, b.id));
    owners.set(
      service,
      stableOrder(pods, (pod) => frame.rank(pod.id)),
    );
  }
  return owners;
}

function placeLoosePods(frame: Frame): void {
  const loose = members(frame, 'pods').filter((node) => !frame.tops.has(node.id));
  loose.sort((a, b) => byText(a.id, b.id));
  let y = frame.free;
  for (const node of members(frame, 'pods')) {
    const top = frame.tops.get(node.id);
    if (top !== undefined) y = Math.max(y, top + heightOf(node) + ROW_GAP);
  }
  for (const node of stableOrder(loose, (item) => frame.rank(item.id))) {
    frame.tops.set(node.id, y);
    y += heightOf(node) + ROW_GAP;
  }
}
