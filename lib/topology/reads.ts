/** Typed reads of a build's inputs. Everything that a query may look at stands here. */
import type { KindName, Kinds } from '@/lib/kube/objects';
import type { ObjectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import type { ResourceCoverage } from '@/lib/state/change';
import type { CrashFact, DnsFact, LogFact, SecretFact, ServerFact } from '@/lib/state/facts';
import type { IndexName } from './indexes';

/** What was told to the build once and for all. */
export interface BuildConfig {
  /** Addresses in front of this cluster that it cannot know (CDN, NAT, VIP): ATLAS_KNOWN_ADDRESSES. */
  readonly knownAddresses: readonly string[];
  /** Whether the view is limited to some namespaces: then a controller may run where we don't look. */
  readonly limitedView: boolean;
  readonly dns: boolean;
  /** The name by which people reach this dashboard (ATLAS_PUBLIC_URL); empty: not known. */
  readonly ownHost: string;
  /** The pod that this dashboard runs in, `NS/NAME`; empty: not in a cluster, or not told. */
  readonly ownPod: string;
}

/** An object; undefined when it is not there or may not be seen: ask {@link known} which. */
export function object<K extends KindName>(read: Reader, kind: K, key: ObjectKey): Kinds[K] | undefined {
  return read.input(kind, key) as Kinds[K] | undefined;
}

/** Keys under an index key, sorted; members of an index over several kinds are split by `splitMember`. */
export function members(read: Reader, index: IndexName, key: string): readonly string[] {
  return read.input(index, key) as readonly string[];
}

/** What the probes saw for a name; undefined while cold. */
export function dnsFact(read: Reader, name: string): DnsFact | undefined {
  return read.input('dns', name) as DnsFact | undefined;
}

/** What asking for a Secret by name gave; undefined in other modes or while cold. */
export function secretFact(read: Reader, key: ObjectKey): SecretFact | undefined {
  return read.input('secret', key) as SecretFact | undefined;
}

/** What asking for a ConfigMap (`NS/NAME`) by name gave; undefined while cold, or where nothing reads it. */
export function configMapFact(read: Reader, key: ObjectKey): SecretFact | undefined {
  return read.input('configmap', key) as SecretFact | undefined;
}

/** What the API server tells of itself; undefined while it has not been asked. */
export function serverFact(read: Reader): ServerFact | undefined {
  return read.input('server', '') as ServerFact | undefined;
}

/** What a controller's log says, by controller id; undefined while it has not been read. */
export function logFact(read: Reader, controller: string): LogFact | undefined {
  return read.input('log', controller) as LogFact | undefined;
}

/** The last lines of a crashing pod (`NS/NAME`); undefined where they were not asked for. */
export function crashFact(read: Reader, pod: ObjectKey): CrashFact | undefined {
  return read.input('crash', pod) as CrashFact | undefined;
}

/** Whether a resource may be seen; undefined while it has not been listed. */
export function coverageOf(read: Reader, resource: KindName): ResourceCoverage | undefined {
  return read.input('coverage', resource) as ResourceCoverage | undefined;
}

/** Addresses that a load balancer had before: positive evidence that a name is stale. */
export function formerAddresses(read: Reader): readonly string[] {
  return (read.input('former-addresses', '') as readonly string[] | undefined) ?? [];
}

export function config(read: Reader): BuildConfig {
  return read.input('config', '') as BuildConfig;
}

/** Whether absence of an object means that it does not exist; otherwise the reason why we don't know. */
export type Known = { readonly known: true } | { readonly known: false; readonly reason: string };

const KNOWN: Known = { known: true };

function judged(resource: KindName, coverage: ResourceCoverage | undefined): Known {
  if (!coverage) return { known: false, reason: `${resource} have not been listed yet` };
  if (coverage.state === 'watched' || coverage.state === 'absent') return KNOWN;
  return { known: false, reason: coverage.reason || `${resource}: ${coverage.state}` };
}

/** What nearly every unit asks for: one answer for all of them is one thing to remember for each unit. */
const COMMON = ['pods', 'endpointslices', 'deployments', 'nodes', 'services', 'namespaces'] as const;

const commonlyKnown: Query<Readonly<Partial<Record<KindName, Known>>>> = {
  name: 'commonly-known',
  level: 0,
  compute: (read) =>
    Object.fromEntries(COMMON.map((resource) => [resource, judged(resource, coverageOf(read, resource))])),
};

/**
 * Whether absence of an object of this resource means that it does not exist. An absent CRD has no objects: that is
 * knowledge too.
 */
export function known(read: Reader, resource: KindName): Known {
  const common = (COMMON as readonly KindName[]).includes(resource);
  const told = common ? read.query(commonlyKnown, '')[resource] : undefined;
  return told ?? judged(resource, coverageOf(read, resource));
}
