import { CLOUD_HOLD_MS, type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { sh } from '@/lib/diagnosis/shell';
import type { LoadBalancerAddress } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { config, dnsFact } from '@/lib/topology/reads';

/** Names that minikube and the like publish. */
const LOCAL = /(^|\.)(localhost|local|internal|test|lan)$/;

/**
 * `dns-lb-hostname-unresolved`: the name that stands in a status leads nowhere, by every resolver asked. New names of AWS
 * need minutes, so it settles late; one resolver alone gives a warning.
 */
export function balancerNameUnresolved(
  read: Reader,
  subject: Ref,
  addresses: readonly LoadBalancerAddress[],
): Draft | null {
  if (!config(read).dns) return null;
  for (const { hostname } of addresses) {
    const name = hostname.toLowerCase().replace(/\.$/, '');
    const answers = name === '' || LOCAL.test(name) ? [] : (dnsFact(read, name)?.answers ?? []);
    const isGone = answers.every(
      ({ outcome, a, aaaa }) =>
        (outcome === 'nxdomain' || outcome === 'nodata') && a.length + aaaa.length === 0,
    );
    if (answers.length === 0 || !isGone) continue;
    return draft({
      code: 'dns-lb-hostname-unresolved',
      severity: answers.length > 1 && addresses.length === 1 ? 'broken' : 'warning',
      hop: 'dns',
      subject,
      title: `The name of the load balancer of ${subject.kind} ${subject.name} does not resolve`,
      detail: `the status says ${name}, which ${answers.map(({ server, outcome }) => `${server} does not know (${outcome})`).join(' and ')}: it was deleted, or is being made`,
      evidence: [
        evidence(subject, 'status.loadBalancer.ingress[].hostname', name),
        ...answers.map(({ server, outcome, at }) => evidence(null, `DNS ${server}`, outcome, at)),
      ],
      fix: {
        summary: 'Look whether the load balancer still exists; the events tell what its maker does.',
        look: [
          sh`dig +short ${name}`,
          sh`kubectl -n ${subject.namespace} describe ${subject.kind.toLowerCase()} ${subject.name}`,
        ],
      },
      holdMs: CLOUD_HOLD_MS,
    });
  }
  return null;
}
