import type { KubeEvent } from '@/lib/kube/event-object';
import { LONGEST_MESSAGE } from './containers';
import type { Interner } from './interner';
import { meta } from './meta';
import { cut, numberOr, type Raw, record, text, time } from './raw';

/** An Event; its count and last time include the series (events.k8s.io writes there, and `eventTime` for the first). */
export function projectEvent(raw: Raw, interner: Interner): KubeEvent | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const involved = record(raw.involvedObject);
  const series = record(raw.series);
  const first = time(raw.firstTimestamp) ?? time(raw.eventTime) ?? common.created;
  return {
    ...common,
    involved: {
      kind: interner.text(text(involved.kind)),
      namespace: interner.text(text(involved.namespace)),
      name: text(involved.name),
      uid: text(involved.uid),
    },
    reason: interner.text(text(raw.reason)),
    message: cut(text(raw.message), LONGEST_MESSAGE),
    count: Math.max(numberOr(raw.count, 1), numberOr(series.count, 1)),
    first,
    last: time(series.lastObservedTime) ?? time(raw.lastTimestamp) ?? first,
    source: interner.text(text(record(raw.source).component) || text(raw.reportingComponent)),
  };
}
