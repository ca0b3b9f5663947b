/** kubernetes-sigs/external-dns: which Ingresses and names an instance looks after, by its flags (docs/flags.md, v0.23). */
import type { Ingress, LabelSelector, Workload, WorkloadContainer } from '@/lib/kube/objects';
import { matchesSelector } from '@/lib/kube/selectors';
import { type Arguments, hasFlag, readAll, readArguments } from './arguments';
import { parseImage } from './image';
import { parseLabelSelector } from './label-selector';

export const EXTERNAL_DNS_PREFIXES = [
  'external-dns.alpha.kubernetes.io/',
  'external-dns.kubernetes.io/',
] as const;

/** Settings of one instance; what cannot be read makes it cover everything, so that it excludes nothing by mistake. */
export interface ExternalDns {
  readonly namespace: string;
  readonly name: string;
  readonly sources: readonly string[];
  readonly domains: readonly string[];
  readonly excluded: readonly string[];
  /** Empty: all. */
  readonly watched: string;
  readonly labels: LabelSelector | null;
  readonly classes: readonly string[];
  /** Something decides that cannot be read. */
  readonly opaque: boolean;
}

function containerOf({ containers }: Workload): WorkloadContainer | undefined {
  return containers.find(({ image }) => parseImage(image).base === 'external-dns');
}

/** Whether a workload runs external-dns, by its image's name. */
export function isExternalDns(workload: Workload): boolean {
  return containerOf(workload) !== undefined;
}

const OPAQUE = [
  'regex-domain-filter',
  'regex-domain-exclusion',
  'annotation-filter',
  'fqdn-template',
  'ignore-ingress-rules-spec',
  'domain-filter-file',
];

/** Reads an instance's flags; null for any other workload. */
export function readExternalDns(workload: Workload): ExternalDns | null {
  const container = containerOf(workload);
  if (!container) return null;
  const args = readArguments(workload, container);
  const all = ['source', 'domain-filter', 'exclude-domains', 'namespace', 'label-filter', 'ingress-class'];
  const unreadable = all.some((flag) => readAll(args, flag).some(({ state }) => state === 'unreadable'));
  const byEnvironment = Object.keys(container.env).some((name) => name.startsWith('EXTERNAL_DNS_'));
  const filter = values(args, 'label-filter').at(-1) ?? '';
  const labels = filter === '' ? null : parseLabelSelector(filter);
  return {
    namespace: workload.namespace,
    name: workload.name,
    sources: values(args, 'source'),
    domains: values(args, 'domain-filter').map(domain),
    excluded: values(args, 'exclude-domains').map(domain),
    watched: values(args, 'namespace').at(-1) ?? '',
    labels,
    classes: values(args, 'ingress-class'),
    opaque:
      unreadable || byEnvironment || OPAQUE.some((flag) => hasFlag(args, flag)) || (filter !== '' && !labels),
  };
}

function values(args: Arguments, flag: string): readonly string[] {
  return readAll(args, flag)
    .flatMap((reading) => (reading.state === 'set' ? reading.value.split(',') : []))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function domain(text: string): string {
  return text.toLowerCase().replace(/\.$/, '');
}

/** `example.com` takes itself and what is below it; `.example.com` only what is below (endpoint/domain_filter.go). */
function matchesDomain(host: string, filter: string): boolean {
  if (filter.startsWith('.')) return host.endsWith(filter);
  return host === filter || host.endsWith(`.${filter}`);
}

/** The flag by which an instance leaves a host of an Ingress out; null: it takes it, or that cannot be told. */
export function leftOutBy(
  instance: ExternalDns,
  host: string,
  ingress: Ingress,
  className: string | null,
): string | null {
  if (instance.opaque) return null;
  if (!instance.sources.includes('ingress')) return '--source=ingress is not set';
  if (instance.watched !== '' && instance.watched !== ingress.namespace)
    return `--namespace=${instance.watched}`;
  if (instance.classes.length > 0 && !instance.classes.includes(className ?? ''))
    return `--ingress-class=${instance.classes.join(',')}`;
  if (instance.labels && !matchesSelector(instance.labels, ingress.labels)) return '--label-filter';
  if (instance.domains.length > 0 && !instance.domains.some((filter) => matchesDomain(host, filter)))
    return `--domain-filter=${instance.domains.join(',')}`;
  const excluded = instance.excluded.find((filter) => matchesDomain(host, filter));
  return excluded === undefined ? null : `--exclude-domains=${excluded}`;
}

/** The value of an annotation of external-dns under either prefix. */
export function externalDnsAnnotation(annotations: Ingress['annotations'], name: string): string | undefined {
  for (const prefix of EXTERNAL_DNS_PREFIXES) {
    const value = annotations[prefix + name];
    if (value !== undefined) return value;
  }
  return undefined;
}
