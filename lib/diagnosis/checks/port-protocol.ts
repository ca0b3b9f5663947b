import { backendPorts } from '@/lib/diagnosis/backend-ports';
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import type { ServicePort } from '@/lib/kube/objects';
import { asShare, type BackendUse, backendUses, brokenTitle, idsOf } from './ingress-backends';

/**
 * `service-protocol-not-tcp`: a rule names a port of UDP or SCTP that has no TCP twin of its number. ingress-nginx takes TCP
 * endpoints alone (internal/ingress/controller/endpointslices.go); others may try: a warning there.
 */
export const portProtocol: Check<IngressUnit> = {
  name: 'service-protocol-not-tcp',
  run: (read, unit) => {
    const found = backendUses(read, unit).flatMap((use) =>
      backendPorts(
        use.service.ports,
        use.rules.map((rule) => rule.port),
      )
        .filter((port) => port.protocol === 'UDP' || port.protocol === 'SCTP')
        .filter(
          (port) => !use.service.ports.some((twin) => twin.port === port.port && twin.protocol === 'TCP'),
        )
        .map((port) => notTcp(unit, use, port)),
    );
    return asShare(read, unit, found);
  },
};

function notTcp({ controller }: IngressUnit, { service, rules }: BackendUse, port: ServicePort): Found {
  const ref = serviceRef(service);
  const own = rules.filter((rule) => rule.port === port.port || rule.port === port.name);
  const tcp = service.ports.filter((other) => other.protocol === 'TCP');
  const surely = controller?.type === 'ingress-nginx';
  const otherwise = `Service ${service.name}: port ${port.port} is ${port.protocol}`;
  return {
    rules: idsOf(own),
    status: surely ? 'broken' : 'warning',
    at: 'route',
    draft: draft({
      code: 'service-protocol-not-tcp',
      severity: surely ? 'broken' : 'warning',
      hop: 'service',
      subject: ref,
      discriminator: `${port.port}/${port.protocol}`,
      title: surely ? brokenTitle(controller, own, otherwise) : otherwise,
      detail: `port ${port.port} of Service ${service.name} is ${port.protocol}, and http goes to backends by TCP`,
      evidence: [evidence(ref, 'spec.ports[].protocol', `${port.port}/${port.protocol}`)],
      fix: {
        summary:
          tcp.length > 0
            ? `Name a TCP port of the Service: ${tcp.map((other) => other.port).join(', ')}.`
            : 'Give the Service a TCP port, and name it in the rule.',
        look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o wide`],
        managedBy: managedBy(service),
      },
    }),
  };
}
