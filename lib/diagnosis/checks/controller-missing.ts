import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import type { Reader } from '@/lib/state/cells';
import { controllers } from '@/lib/topology/controllers';

/** `controller-missing` where none runs, in the cluster or outside; null where one does. */
export function noController(read: Reader): Draft | null {
  const some = read
    .query(controllers, '')
    .some(({ recognised, kind }) => recognised !== null || kind === 'external');
  return some ? null : controllerMissing('open', 'no ingress controller was found in the cluster');
}

/** One finding for the cluster, however many Ingresses wait. */
export function controllerMissing(state: 'open' | 'unknown', reason: string): Draft {
  return draft({
    code: 'controller-missing',
    severity: 'broken',
    state,
    hop: 'controller',
    subject: { group: '', version: '', resource: '', kind: 'Cluster', namespace: '', name: 'cluster' },
    title:
      state === 'open'
        ? 'No ingress controller is installed'
        : 'Whether an ingress controller runs is not known',
    detail:
      state === 'open'
        ? 'Kubernetes brings no ingress controller of its own: an Ingress alone does nothing'
        : reason,
    evidence: [evidence(null, 'deployments, daemonsets, statefulsets', reason)],
    fix: {
      summary:
        'Install a maintained ingress controller supported by your platform and create its IngressClass.',
      look: ['kubectl get deployments,daemonsets,statefulsets -A', 'kubectl get ingressclass'],
    },
  });
}
