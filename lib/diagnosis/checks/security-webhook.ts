import { hasFlag } from '@/lib/controllers/arguments';
import { advisoriesOf, NIGHTMARE, nginxBuild } from '@/lib/controllers/nginx-advisories';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import { matchesSelector } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { exposure } from '@/lib/topology/exposure';
import { known, members, object } from '@/lib/topology/reads';
import { hookOf, judgesIngresses } from './webhook-hooks';

/**
 * `admission-webhook-exposed`: the webhook that judges Ingresses is for the API server alone. Its Service leaves the cluster,
 * a public Service leads to its port, or (on versions open to CVE-2025-1974) no policy keeps pods away.
 */
export function webhookExposed(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  if (!facts) return [];
  const own = hookOf(read, facts)?.service;
  if (own && own.type !== 'ClusterIP' && own.type !== '')
    return [ofService(facts, own, `Service ${own.name} of the admission webhook is of type ${own.type}`)];
  const leads = read
    .query(exposure, id)
    .services.flatMap((key) => object(read, 'services', key) ?? [])
    .find((service) => leavesCluster(service) && webhookPort(facts, service) !== null);
  if (leads) {
    const port = webhookPort(facts, leads);
    return [
      ofService(
        facts,
        leads,
        `port ${port} of Service ${leads.name}, which leaves the cluster, leads to the admission webhook`,
      ),
    ];
  }
  return openToPods(read, facts);
}

const leavesCluster = ({ type, externalIPs }: Service) =>
  type === 'LoadBalancer' || type === 'NodePort' || externalIPs.length > 0;

/** The port of a Service that leads to the webhook's port (`webhook`, 8443 by default); null: none does. */
function webhookPort({ container, args }: ControllerFacts, { ports }: Service): number | null {
  if (!hasFlag(args, 'validating-webhook')) return null;
  const named = container.ports.find(({ name }) => name === 'webhook')?.port ?? 8443;
  return ports.find(({ targetPort }) => targetPort === 'webhook' || targetPort === named)?.port ?? null;
}

function ofService(facts: ControllerFacts, service: Service, says: string): Found {
  const { namespace, name } = service;
  const ref = refOf('services', namespace, name, service.uid);
  const own = service.ports.length === 1;
  return risk({
    code: 'admission-webhook-exposed',
    severity: 'degraded',
    hop: 'security',
    subject: facts.ref,
    related: [ref],
    title: `The admission webhook of ${facts.workload.name} can be reached from outside`,
    detail: `${says}: it is made for the API server alone, and holes in it need no permission`,
    evidence: [evidence(ref, 'spec.type', service.type)],
    fix: {
      summary:
        'Serve the webhook by a ClusterIP Service of its own, and let a NetworkPolicy admit only the API server.',
      look: [sh`kubectl -n ${namespace} get service ${name} -o yaml`],
      change: own
        ? [sh`kubectl -n ${namespace} patch service ${name} -p ${'{"spec":{"type":"ClusterIP"}}'}`]
        : [],
      managedBy: managedBy(service),
    },
  });
}

/** Policies of other kinds (Cilium, Calico) are not seen: a warning at most. */
function openToPods(read: Reader, facts: ControllerFacts): readonly Found[] {
  const { workload, container, controller } = facts;
  if (controller.type !== 'ingress-nginx' || !judgesIngresses(read, facts)) return [];
  const build = nginxBuild(container.image, { ...workload.templateLabels, ...workload.labels });
  const open = advisoriesOf(build.version)?.some((advisory) => advisory.id === NIGHTMARE) ?? false;
  if (build.origin !== 'upstream' || !open || !known(read, 'networkpolicies').known) return [];
  const isolated = members(read, 'policies-of-namespace', workload.namespace).some((key) => {
    const policy = object(read, 'networkpolicies', key);
    return policy?.isolatesIngress && matchesSelector(policy.podSelector, workload.templateLabels);
  });
  if (isolated) return [];
  return [
    risk({
      code: 'admission-webhook-exposed',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      title: `Every pod may reach the admission webhook of ${workload.name}`,
      detail: `ingress-nginx ${build.version} is open to ${NIGHTMARE}, and no NetworkPolicy limits who reaches its webhook; policies of other kinds are not seen from here`,
      evidence: [
        evidence(facts.ref, `spec.template.spec.containers[${container.name}].image`, container.image),
      ],
      fix: {
        summary:
          'Upgrade the controller; until then let a NetworkPolicy admit to the webhook port the API server only.',
        look: [sh`kubectl -n ${workload.namespace} get networkpolicies`],
        managedBy: managedBy(workload),
      },
    }),
  ];
}
