/** Backends whose addresses are of a family that the controller's pods do not have. */
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { controllerPods } from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllerById } from '@/lib/topology/controllers';
import { exposure } from '@/lib/topology/exposure';
import { known, object } from '@/lib/topology/reads';
import { type BackendUse, backendUses, idsOf } from './ingress-backends';
import { endpointsOf } from './service-unit';

const FAMILIES = ['IPv4', 'IPv6'] as const;
type Family = (typeof FAMILIES)[number];

function familyOf(address: string): Family {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}

/** `service-ipfamily-mismatch`: every ready endpoint is of one family, and no running pod of the controller has an address of it. */
export const familyMismatch: Check<IngressUnit> = {
  name: 'service-ipfamily-mismatch',
  run: (read, unit) => {
    const { controller, served } = unit;
    if (controller?.kind !== 'workload' || served.controllers.length !== 1) return [];
    const own = read.query(controllerFamilies, controller.id);
    if (own.families.length === 0 || own.families.length === FAMILIES.length) return [];
    return backendUses(read, unit).flatMap((use): readonly Found[] => {
      const theirs = new Set(
        endpointsOf(read, use.key).flatMap((each) => (each.ready ? familyOf(each.address) : [])),
      );
      const [family] = theirs;
      if (family === undefined || theirs.size > 1) return [];
      return own.families.includes(family) ? [] : [mismatch(unit, use, family, own.doubt)];
    });
  },
};

interface Own {
  /** None where they are not known. */
  readonly families: readonly Family[];
  /** Why they are not certain; null: they are. */
  readonly doubt: string | null;
}

/** Of the controller with this id: asked once for it, not once for each Ingress. */
const controllerFamilies: Query<Own> = {
  name: 'controller-families',
  level: 3,
  compute: (read, id) => {
    const pods = known(read, 'pods');
    const controller = controllerById(read, id);
    const found = pods.known ? ofPods(read, controller) : ofServices(read, id);
    return {
      families: FAMILIES.filter((family) => found.has(family)),
      doubt: pods.known ? null : pods.reason,
    };
  },
};

/** None where a pod's addresses are not known yet. */
function ofPods(read: Reader, controller: Controller | undefined): ReadonlySet<Family> {
  const all = controller ? controllerPods(read, controller) : [];
  const running = all.filter((pod) => pod.phase === 'Running');
  if (running.some((pod) => pod.ips.length === 0)) return new Set();
  return new Set(running.flatMap((pod) => pod.ips.map(familyOf)));
}

/** Where its pods cannot be read: what its Services are of. A dual-stack pod may stand behind one of a single family. */
function ofServices(read: Reader, id: string): ReadonlySet<Family> {
  return new Set(
    read.query(exposure, id).services.flatMap((key): readonly Family[] => {
      const service = object(read, 'services', key);
      if (!service) return [];
      const told = FAMILIES.filter((family) => service.ipFamilies.includes(family));
      if (told.length > 0) return told;
      return service.clusterIP === '' || service.clusterIP === 'None' ? [] : [familyOf(service.clusterIP)];
    }),
  );
}

function mismatch(
  { ingress, controller }: IngressUnit,
  { service, rules }: BackendUse,
  family: Family,
  doubt: string | null,
): Found {
  const ref = serviceRef(service);
  const who = controller?.name ?? 'the controller';
  const other = family === 'IPv4' ? 'IPv6' : 'IPv4';
  return {
    rules: idsOf(rules),
    status: doubt === null ? 'degraded' : 'unknown',
    at: 'route',
    draft: draft({
      code: 'service-ipfamily-mismatch',
      severity: doubt === null ? 'degraded' : 'warning',
      state: doubt === null ? 'open' : 'unknown',
      hop: 'service',
      subject: ref,
      related: [refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)],
      title:
        doubt === null
          ? `Service ${service.name} has ${family} addresses only, and ${who} has none of them`
          : `Service ${service.name} has ${family} addresses only: whether ${who} has one is not known`,
      detail:
        doubt === null
          ? `every ready endpoint of ${service.name} is ${family}, and the pods of ${who} have ${other} addresses only: unless the network translates, no connection comes about`
          : `every ready endpoint of ${service.name} is ${family}, and the Services of ${who} are not; what its pods have cannot be seen: ${doubt}`,
      evidence: [
        evidence(ref, 'spec.ipFamilies', service.ipFamilies.join(', ') || 'not set'),
        evidence(ref, 'endpoints[].addresses', family),
      ],
      fix: {
        summary: 'Give the Service the family of the controller too (ipFamilyPolicy PreferDualStack).',
        look: [
          sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name}`,
          sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`,
        ],
        managedBy: managedBy(service),
      },
      holdMs: OBJECT_HOLD_MS,
    }),
  };
}
