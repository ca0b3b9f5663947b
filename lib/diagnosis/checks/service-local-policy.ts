/** `internalTrafficPolicy: Local` of a backend that is reached by its cluster address. */
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { controllerPods } from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known } from '@/lib/topology/reads';
import { type BackendUse, backendUses, brokenTitle, idsOf } from './ingress-backends';
import { endpointsOf } from './service-unit';

/** Annotations by which a controller sends requests to the cluster address instead of to pods, where each stands. */
const BY_ADDRESS: Readonly<Record<string, readonly (readonly ['ingress' | 'service', string])[]>> = {
  'ingress-nginx': [['ingress', 'nginx.ingress.kubernetes.io/service-upstream']],
  'f5-nginx': [['ingress', 'nginx.org/use-cluster-ip']],
  traefik: [['service', 'traefik.ingress.kubernetes.io/service.nativelb']],
  kong: [['service', 'ingress.kubernetes.io/service-upstream']],
};

/**
 * `service-local-traffic-policy`: kube-proxy drops what is sent to such a Service on a node without a ready endpoint of it
 * (kubernetes.io "Service Internal Traffic Policy"). Controllers that read EndpointSlices never ask it.
 */
export const localTrafficPolicy: Check<IngressUnit> = {
  name: 'service-local-traffic-policy',
  run: (read, unit) => {
    const pods = known(read, 'pods');
    return backendUses(read, unit).flatMap((use): readonly Found[] => {
      const annotation = use.service.internalTrafficPolicy === 'Local' ? byAddress(unit, use) : null;
      if (annotation === null) return [];
      if (!pods.known) return [unseen(unit, use, annotation, pods.reason)];
      const gap = gapOf(read, unit, use);
      return gap === null ? [] : [dropped(unit, use, annotation, gap)];
    });
  },
};

function byAddress({ ingress, controller, served }: IngressUnit, { service }: BackendUse): string | null {
  if (!controller || served.controllers.length !== 1) return null;
  const found = (BY_ADDRESS[controller.type] ?? []).find(
    ([where, key]) => (where === 'ingress' ? ingress : service).annotations[key] === 'true',
  );
  return found?.[1] ?? null;
}

interface Gap {
  /** Nodes of the controller without an endpoint. */
  readonly nodes: readonly string[];
  readonly whole: boolean;
}

function gapOf(read: Reader, { controller }: IngressUnit, { key }: BackendUse): Gap | null {
  const homes = new Set(
    (controller ? controllerPods(read, controller) : [])
      .filter((pod) => pod.deleting === null && pod.phase === 'Running')
      .map(({ node }) => node),
  );
  const ready = endpointsOf(read, key).filter((endpoint) => endpoint.ready);
  const served = new Set(ready.map(({ node }) => node));
  // No endpoint at all is another finding's business; one without node may be anywhere.
  if (homes.size === 0 || homes.has('') || served.size === 0 || served.has('')) return null;
  const nodes = [...homes].filter((node) => !served.has(node)).sort();
  return nodes.length === 0 ? null : { nodes, whole: nodes.length === homes.size };
}

function unseen(
  { ingress, controller }: IngressUnit,
  { service, rules }: BackendUse,
  annotation: string,
  reason: string,
): Found {
  const ref = serviceRef(service);
  return {
    rules: idsOf(rules),
    status: 'unknown',
    at: 'route',
    draft: draft({
      code: 'service-local-traffic-policy',
      severity: 'warning',
      state: 'unknown',
      hop: 'service',
      subject: ref,
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      title: `Service ${service.name}: whether every node of ${controller?.name ?? 'the controller'} reaches it is not known`,
      detail: `its internalTrafficPolicy Local drops what comes to the cluster address (${annotation}) on nodes without a pod of it, and where the controller runs cannot be seen: ${reason}`,
      evidence: [evidence(ref, 'spec.internalTrafficPolicy', 'Local')],
      fix: {
        summary: 'Set internalTrafficPolicy to Cluster, or look where both run.',
        look: [
          sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
        ],
        managedBy: managedBy(service),
      },
    }),
  };
}

function dropped(
  { ingress, controller }: IngressUnit,
  { service, rules }: BackendUse,
  annotation: string,
  { nodes, whole }: Gap,
): Found {
  const ref = serviceRef(service);
  const level = whole ? 'broken' : 'degraded';
  const where = `${nodes.slice(0, 3).join(', ')}${nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''}`;
  return {
    rules: idsOf(rules),
    status: level,
    at: 'route',
    draft: draft({
      code: 'service-local-traffic-policy',
      severity: level,
      hop: 'service',
      subject: ref,
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      title: whole
        ? brokenTitle(controller, rules, `Service ${service.name} cannot be reached`)
        : `Service ${service.name} is out of reach from some nodes of ${controller?.name ?? 'the controller'}`,
      detail: `${controller?.name ?? 'The controller'} sends requests to the cluster address (${annotation}), whose internalTrafficPolicy Local drops them on ${where}: no ready pod of ${service.name} is there`,
      evidence: [
        evidence(ref, 'spec.internalTrafficPolicy', 'Local'),
        evidence(ref, 'endpoints[].nodeName', `none on ${where}`),
      ],
      fix: {
        summary: 'Set internalTrafficPolicy to Cluster, or run its pods on each node of the controller.',
        look: [
          sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
        ],
        change: [
          sh`kubectl -n ${service.namespace} patch service ${service.name} -p ${'{"spec":{"internalTrafficPolicy":"Cluster"}}'}`,
        ],
        managedBy: managedBy(service),
      },
      holdMs: OBJECT_HOLD_MS,
    }),
  };
}
