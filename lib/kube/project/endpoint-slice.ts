import type { Endpoint, EndpointSlice } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { meta } from './meta';
import { fitted, list, number, type Raw, record, text } from './raw';

const NONE: readonly never[] = Object.freeze([]);

function endpoint(entry: unknown, interner: Interner): Endpoint | null {
  const raw = record(entry);
  const address = text(list(raw.addresses)[0]);
  if (address === '') return null;
  const conditions = record(raw.conditions);
  const target = record(raw.targetRef);
  const ready = conditions.ready !== false;
  return {
    address,
    ready,
    // `serving: nil` means the same as ready (EndpointSlice v1 godoc); servers before 1.26 leave it out.
    serving: typeof conditions.serving === 'boolean' ? conditions.serving : ready,
    terminating: conditions.terminating === true,
    pod: target.kind === 'Pod' && text(target.name) !== '' ? text(target.name) : null,
    node: interner.text(text(raw.nodeName)),
  };
}

function ports(value: unknown, interner: Interner): EndpointSlice['ports'] {
  const entries = list(value);
  if (entries.length === 0) return NONE;
  return interner.value(
    'ports',
    entries.map((entry) => {
      const raw = record(entry);
      return { name: text(raw.name), port: number(raw.port), protocol: text(raw.protocol) || 'TCP' };
    }),
  );
}

/** An EndpointSlice; endpoints without an address are left out. */
export function projectEndpointSlice(raw: Raw, interner: Interner): EndpointSlice | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const endpoints: Endpoint[] = [];
  for (const entry of list(raw.endpoints)) {
    const found = endpoint(entry, interner);
    if (found !== null) endpoints.push(found);
  }
  return {
    namespace: common.namespace,
    name: common.name,
    uid: common.uid,
    created: common.created,
    deleting: common.deleting,
    labels: common.labels,
    annotations: common.annotations,
    owner: common.owner,
    service: common.labels['kubernetes.io/service-name'] ?? '',
    addressType: interner.text(text(raw.addressType)),
    ports: ports(raw.ports, interner),
    endpoints: fitted(endpoints),
    managedBy: common.labels['endpointslice.kubernetes.io/managed-by'] ?? '',
  };
}
