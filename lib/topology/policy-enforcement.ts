/** Whether NetworkPolicies hold in this cluster, and what beside them lets traffic through or stops it. */
import type { KindName } from '@/lib/kube/objects';
import { RESOURCES } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { cniOf } from './cni-fingerprint';
import { config, coverageOf, known, members, object, serverFact } from './reads';

export interface Enforcement {
  readonly state: 'enforced' | 'not-enforced' | 'unknown';
  /** False: the DaemonSets of the cluster cannot be seen, so that it may be anything. */
  readonly seen: boolean;
  /** The plugin that decides; empty where none was recognised. */
  readonly by: string;
  readonly reason: string;
}

const LIMITED: Enforcement = {
  state: 'unknown',
  seen: false,
  by: '',
  reason: 'only some namespaces are watched; the network plugin runs in another one',
};

/** By the network plugin's DaemonSet. Not enforced only where Flannel is all there is. */
export const enforcement: Query<Enforcement> = {
  name: 'policy-enforcement',
  level: 2,
  compute: (read) => {
    const marks = members(read, 'cni-daemonsets', '').flatMap((key) => {
      const workload = object(read, 'daemonsets', key);
      return (workload && cniOf(workload)) ?? [];
    });
    const seen = known(read, 'daemonsets');
    if (!seen.known) return { state: 'unknown', seen: false, by: '', reason: seen.reason };
    const sure = marks.find((mark) => mark.enforces === true);
    if (sure) return { state: 'enforced', seen: true, by: sure.name, reason: '' };
    if (config(read).limitedView) return LIMITED;
    if (marks.length > 0 && marks.every((mark) => mark.enforces === false)) return notEnforced(read, marks);
    const by = marks[0]?.name ?? '';
    const reason = by
      ? `whether ${by} makes NetworkPolicies hold is a setting that cannot be read`
      : 'no network plugin was recognised';
    return { state: 'unknown', seen: true, by, reason };
  },
};

/** k3s and RKE2 bring a policy controller inside their own binary, whatever DaemonSets there are. */
function notEnforced(read: Reader, marks: readonly { readonly name: string }[]): Enforcement {
  const by = marks.map((mark) => mark.name).join(', ');
  const version = serverFact(read)?.version ?? '';
  if (/\+(k3s|rke2)/.test(version))
    return { state: 'unknown', seen: true, by, reason: `${version} may enforce NetworkPolicies by itself` };
  return { state: 'not-enforced', seen: true, by, reason: '' };
}

/** Kinds of policy that are not evaluated, by API group, and whether one may let in what NetworkPolicies keep out. */
const FOREIGN: Readonly<Record<string, { readonly kind: string; readonly opens: boolean }>> = {
  'cilium.io': { kind: 'CiliumNetworkPolicy', opens: true },
  'crd.projectcalico.org': { kind: 'Calico NetworkPolicy and GlobalNetworkPolicy', opens: true },
  'projectcalico.org': { kind: 'Calico NetworkPolicy and GlobalNetworkPolicy', opens: true },
  'crd.antrea.io': { kind: 'Antrea NetworkPolicy and ClusterNetworkPolicy', opens: true },
  'policy.networking.k8s.io': { kind: 'AdminNetworkPolicy and ClusterNetworkPolicy', opens: true },
  'security.istio.io': { kind: 'Istio AuthorizationPolicy', opens: false },
};

/** Groups whose kinds are read under the name of another group: Calico's own API server stores its objects there. */
const STORED_IN: Readonly<Record<string, string>> = { 'projectcalico.org': 'crd.projectcalico.org' };

/** The kinds by which it is told whose pods policies of a group are for. */
function kindsOf(group: string): readonly KindName[] {
  const stored = STORED_IN[group] ?? group;
  return RESOURCES.filter((row) => row.group === stored).map(({ id }) => id);
}

/** Whether all of them are watched. Absent ones say nothing: the group is there, in another version or with other kinds. */
function isRead(read: Reader, group: string): boolean {
  const kinds = kindsOf(group);
  return kinds.length > 0 && kinds.every((kind) => coverageOf(read, kind)?.state === 'watched');
}

export interface ForeignPolicies {
  /** False: the API server's groups could not be read. */
  readonly known: boolean;
  /** Those whose objects are not read: whom they are for cannot be told. */
  readonly groups: readonly string[];
  readonly kinds: readonly string[];
  /** The kind that may admit what NetworkPolicies do not; empty: none can. */
  readonly opener: string;
}

/** Own policy kinds of plugins, for where the API server's groups are not known: they come with the plugin. */
const OF_PLUGIN: Readonly<Record<string, string>> = {
  Calico: 'crd.projectcalico.org',
  Canal: 'crd.projectcalico.org',
  Cilium: 'cilium.io',
  Antrea: 'crd.antrea.io',
};

/** Policy kinds of this cluster that are not evaluated. */
export const foreignPolicies: Query<ForeignPolicies> = {
  name: 'foreign-policies',
  level: 3,
  compute: (read) => {
    const told = serverFact(read)?.groups ?? null;
    const plugin = OF_PLUGIN[read.query(enforcement, '').by];
    const groups = told ? told.filter((group) => Object.hasOwn(FOREIGN, group)) : plugin ? [plugin] : [];
    const unread = groups.filter((group) => !isRead(read, group));
    return {
      known: told !== null,
      groups: unread,
      kinds: [...new Set(unread.flatMap((group) => FOREIGN[group]?.kind ?? []))],
      opener: groups.flatMap((group) => FOREIGN[group] ?? []).find((row) => row.opens)?.kind ?? '',
    };
  },
};
