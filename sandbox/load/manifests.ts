/* Everything a start needs from the input: objects in order, DNS zones, notes. */

import { sandboxAnnotation } from '../controllers/cluster';
import { type DnsZone, recordFault } from '../dns/records';
import type { LoadedObject } from './documents';
import { LoadError } from './load-error';

const DNS_ZONE = { apiVersion: 'sandbox.ingress-atlas.dev/v1', kind: 'DNSZone' };
const FIRST = [
  'Namespace',
  'CustomResourceDefinition',
  'Node',
  'IngressClass',
  'ServiceAccount',
  'ConfigMap',
  'Secret',
  'PersistentVolumeClaim',
  'Service',
];

export interface Manifests {
  /** Objects in the order in which they are applied, with how long ago that was. */
  readonly objects: readonly (LoadedObject & { readonly agoMs: number | undefined })[];
  readonly zones: readonly DnsZone[];
}

/** Sorts the documents: DNS zones apart, objects by age and then so that references come first. */
export function arrange(documents: readonly LoadedObject[]): Manifests {
  const problems: string[] = [];
  const zones: DnsZone[] = [];
  const objects: (LoadedObject & { agoMs: number | undefined })[] = [];
  for (const document of documents) {
    const { apiVersion, kind } = document.object;
    if (apiVersion === DNS_ZONE.apiVersion && kind === DNS_ZONE.kind) {
      const zone = readZone(document, problems);
      if (zone) zones.push(zone);
      continue;
    }
    const ago = sandboxAnnotation(document.object, 'applied-ago');
    const agoMs = ago === undefined ? undefined : parseDuration(ago);
    if (ago !== undefined && agoMs === undefined)
      problems.push(`${document.place}: applied-ago "${ago}" is not a duration like 90s, 12m, 3h or 2d`);
    objects.push({ ...document, agoMs });
  }
  if (problems.length > 0) throw new LoadError(problems);
  const rank = (kind: string): number => (FIRST.indexOf(kind) + FIRST.length + 1) % (FIRST.length + 1);
  objects.sort(
    (a, b) =>
      (b.agoMs ?? Number.MAX_SAFE_INTEGER) - (a.agoMs ?? Number.MAX_SAFE_INTEGER) ||
      rank(a.object.kind) - rank(b.object.kind),
  );
  return { objects, zones };
}

function readZone({ object, place }: LoadedObject, problems: string[]): DnsZone | undefined {
  const spec = (object.spec ?? {}) as { records?: unknown; externalDns?: unknown };
  const records = spec.records ?? [];
  if (!Array.isArray(records)) {
    problems.push(`${place}: DNSZone ${object.metadata.name}: spec.records must be a list`);
    return undefined;
  }
  const faults = records.map(recordFault).filter((fault) => fault !== undefined);
  problems.push(...faults.map((fault) => `${place}: DNSZone ${object.metadata.name}: ${fault}`));
  return faults.length > 0
    ? undefined
    : {
        name: object.metadata.name,
        records: records as DnsZone['records'],
        externalDns: spec.externalDns === true,
      };
}

/** `90s`, `12m`, `3h`, `2d` → milliseconds. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(s|m|h|d)$/.exec(text.trim());
  const unit = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match?.[2] ?? ''];
  return match && unit ? Number(match[1]) * unit : undefined;
}
