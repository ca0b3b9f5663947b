/** Backends that are ExternalName Services: whether the controller follows them, and where they lead. */
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { isLoopback } from '@/lib/topology/external-names';
import { refusal } from './external-refusal';
import { unresolved } from './external-unresolved';
import { asShare, type BackendUse, backendUses, brokenTitle, idsOf } from './ingress-backends';

/** `service-externalname` and what is worse: refused, leading to the controller itself, or a name that does not resolve. */
export const externalBackends: Check<IngressUnit> = {
  name: 'service-externalname',
  run: (read, unit) =>
    backendUses(read, unit)
      .filter(({ service }) => service.type === 'ExternalName' && service.externalName !== '')
      .flatMap((use) => [...asShare(read, unit, broken(read, unit, use)), risk(use)]),
};

function broken(read: Reader, unit: IngressUnit, use: BackendUse): readonly Found[] {
  if (isLoopback(use.service.externalName)) return [loopback(use)];
  const refused = refusal(read, unit.controller);
  if (refused) return [blocked(unit, use, refused)];
  return unresolved(read, use);
}

function risk({ service, rules }: BackendUse): Found {
  const ref = serviceRef(service);
  return {
    rules: idsOf(rules),
    draft: draft({
      code: 'service-externalname',
      severity: 'warning',
      impact: 'risk',
      hop: 'service',
      subject: ref,
      title: `Service ${service.name} leads out by name`,
      detail: `Service ${service.name} is an ExternalName for ${service.externalName}: its health is not seen, and whoever may edit it decides where the controller connects to`,
      evidence: [evidence(ref, 'spec.externalName', service.externalName)],
      fix: {
        summary: 'Prefer a proxy in the cluster, or endpoints of its own, to a name.',
        look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
        managedBy: managedBy(service),
      },
    }),
  };
}

function loopback({ service, rules }: BackendUse): Found {
  const ref = serviceRef(service);
  return {
    rules: idsOf(rules),
    status: 'broken',
    at: 'route',
    draft: draft({
      code: 'service-externalname-loopback',
      severity: 'broken',
      hop: 'service',
      subject: ref,
      title: symptomTitle(rules, `leads to ${service.externalName}`, `Service ${service.name} is a loopback`),
      detail: `Service ${service.name} is an ExternalName for ${service.externalName}, which to the controller means itself: controllers refuse it, or reach their own ports`,
      evidence: [evidence(ref, 'spec.externalName', service.externalName)],
      fix: {
        summary: 'Name what really serves, or remove the Service.',
        look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
        managedBy: managedBy(service),
      },
    }),
  };
}

function blocked(
  { ingress, controller }: IngressUnit,
  { service, rules }: BackendUse,
  { why, value }: { readonly why: string; readonly value: string },
): Found {
  const ref = serviceRef(service);
  return {
    rules: idsOf(rules),
    status: 'broken',
    at: 'route',
    draft: draft({
      code: 'service-externalname-blocked',
      severity: 'broken',
      hop: 'service',
      subject: ref,
      title: brokenTitle(controller, rules, `Service ${service.name} is refused`),
      detail: `${why}, and Service ${service.name} is an ExternalName for ${service.externalName}`,
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      evidence: [
        evidence(ref, 'spec.type', 'ExternalName'),
        evidence(null, `controller ${controller?.name ?? ''}`, value),
      ],
      fix: {
        summary: 'Replace the Service by one with endpoints, or allow such Services knowingly.',
        look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
        managedBy: managedBy(service),
      },
    }),
  };
}
