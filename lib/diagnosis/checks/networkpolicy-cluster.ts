/** `networkpolicy-unenforced` and `networkpolicy-foreign-present`: how far any verdict on policies may be trusted. */
import type { Found } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { listed } from '@/lib/diagnosis/policy-words';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { enforcement, foreignPolicies } from '@/lib/topology/policy-enforcement';
import { members } from '@/lib/topology/reads';

/** Policies that nobody enforces. */
export function networkPolicyUnenforced(read: Reader): readonly Found[] {
  const { state, by } = read.query(enforcement, '');
  const policies = state === 'not-enforced' ? members(read, 'policies-all', '') : [];
  if (policies.length === 0) return [];
  const plugin = members(read, 'cni-daemonsets', '')[0] ?? '';
  const subject = refOf('daemonsets', splitKey(plugin).namespace, splitKey(plugin).name);
  const found = draft({
    code: 'networkpolicy-unenforced',
    severity: 'info',
    impact: 'risk',
    hop: 'networkpolicy',
    subject,
    related: policies
      .slice(0, 50)
      .map((key) => refOf('networkpolicies', splitKey(key).namespace, splitKey(key).name)),
    title: `NetworkPolicies have no effect: ${by} does not enforce them`,
    detail: `${policies.length} NetworkPolicies exist, and ${by} is the only network plugin that was found; all traffic flows as if there were none`,
    evidence: [evidence(subject, 'network plugin', by)],
    fix: {
      summary:
        'Use a network plugin that enforces policies, or add one that does only that (Calico beside Flannel is Canal).',
      look: ['kubectl get daemonsets -A', 'kubectl get networkpolicies -A'],
    },
  });
  return [{ draft: found }];
}

/** Policy kinds that are installed and not read: said once, where policies or Ingresses make it matter. */
export function networkPolicyForeign(read: Reader): readonly Found[] {
  const { known, groups, kinds } = read.query(foreignPolicies, '');
  const first = groups[0];
  if (!known || first === undefined || members(read, 'ingresses-all', '').length === 0) return [];
  const found = draft({
    code: 'networkpolicy-foreign-present',
    severity: 'info',
    impact: 'risk',
    state: 'unknown',
    hop: 'networkpolicy',
    subject: { group: first, version: '', resource: '', kind: 'APIGroup', namespace: '', name: first },
    title: 'Policies of other kinds may stop or allow traffic too',
    detail: `${listed(kinds)} can exist in this cluster and are not read: what is said of NetworkPolicies is a part of the truth`,
    evidence: groups.map((group) => evidence(null, 'API group', group)),
    fix: {
      summary: 'Look at these objects where traffic fails and NetworkPolicies do not explain it.',
      look: ['kubectl get networkpolicies -A', ...groups.flatMap((group) => LOOK[group] ?? [])],
    },
  });
  return [{ draft: found }];
}

const LOOK: Readonly<Record<string, readonly string[]>> = {
  'cilium.io': ['kubectl get ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies -A'],
  'crd.projectcalico.org': [
    'kubectl get networkpolicies.crd.projectcalico.org,globalnetworkpolicies.crd.projectcalico.org -A',
  ],
  'projectcalico.org': [
    'kubectl get networkpolicies.projectcalico.org,globalnetworkpolicies.projectcalico.org -A',
  ],
  'crd.antrea.io': ['kubectl get networkpolicies.crd.antrea.io,clusternetworkpolicies.crd.antrea.io -A'],
  'security.istio.io': ['kubectl get authorizationpolicies.security.istio.io -A'],
};
