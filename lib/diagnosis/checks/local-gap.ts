import type { Found, HostUnit } from '@/lib/diagnosis/check';
import { dnsVerdict } from '@/lib/diagnosis/dns-verdict';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Query, Reader } from '@/lib/state/cells';
import { hostEntries } from '@/lib/topology/hosts';
import { known, members, object } from '@/lib/topology/reads';
import { serviceSubject } from './load-balancer';

/** Addresses of nodes that drop what comes to a node port, by Service key; none where the policy is Cluster, or unseen. */
const deafNodes: Query<readonly string[]> = {
  name: 'deaf-nodes',
  level: 4,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (service?.type !== 'NodePort' || service.externalTrafficPolicy !== 'Local') return [];
    if (!known(read, 'endpointslices').known || !known(read, 'nodes').known) return [];
    const slices = members(read, 'slices-of-service', key).flatMap(
      (name) => object(read, 'endpointslices', name) ?? [],
    );
    const served = new Set(
      slices.flatMap(({ endpoints }) => endpoints.filter(({ ready }) => ready).map(({ node }) => node)),
    );
    // Nobody ready at all is another finding's business; an endpoint without node may be anywhere.
    if (served.size === 0 || served.has('')) return [];
    return members(read, 'nodes-all', '').flatMap((name) => {
      const node = object(read, 'nodes', name);
      return node && !served.has(node.name) ? node.addresses.map(({ address }) => address) : [];
    });
  },
};

/**
 * `lb-etp-local-gap`: a name leads straight to nodes, and some of them have no ready pod. Load balancers of clouds check
 * the health of nodes by themselves, and an outer one may: only DNS that names a deaf node is proof.
 */
export function localGap(read: Reader, { host, rules }: HostUnit): readonly Found[] {
  const ports = read.query(hostEntries, host).loadBalancers.filter(({ type }) => type === 'NodePort');
  if (ports.length === 0) return [];
  const answers = new Set(read.query(dnsVerdict, host).views.flatMap(({ addresses }) => addresses));
  return ports.flatMap(({ service: key }): Found[] => {
    const service = key === null ? undefined : object(read, 'services', key);
    const deaf = key === null ? [] : read.query(deafNodes, key).filter((address) => answers.has(address));
    if (!service || deaf.length === 0) return [];
    const subject = serviceSubject(service);
    const found = draft({
      code: 'lb-etp-local-gap',
      severity: 'degraded',
      hop: 'loadbalancer',
      subject,
      discriminator: host,
      affects: affected(
        rules.map(({ rule }) => rule),
        null,
      ),
      title: `${host} leads to nodes that drop its traffic`,
      detail: `${deaf.join(', ')} ${deaf.length > 1 ? 'have' : 'has'} no ready pod of ${service.name}, whose externalTrafficPolicy is Local`,
      evidence: [
        evidence(subject, 'spec.externalTrafficPolicy', 'Local'),
        evidence(null, `DNS ${host}`, deaf.join(', ')),
      ],
      fix: {
        summary:
          'Run a pod of the controller on each node that the name leads to (a DaemonSet), or use the policy Cluster.',
        look: [
          sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
          'kubectl get nodes -o wide',
        ],
        managedBy: managedBy(service),
      },
      holdMs: OBJECT_HOLD_MS,
    });
    return [{ draft: found, status: 'degraded' }];
  });
}
