/** `dashboard-behind-watched-ingress`: what would show an outage is itself reached by what it watches. */
import type { Found } from '@/lib/diagnosis/check';
import { evidence } from '@/lib/diagnosis/draft';
import { refsOf, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { serviceEndpoints } from '@/lib/topology/endpoints';
import { config, members, object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { ingressRef, isSolver } from './ingress-parts';

/** An Ingress that leads to this dashboard, and how that is known. */
interface Door {
  readonly key: string;
  readonly ingress: Ingress;
  readonly path: string;
  readonly value: string;
  /** Key of the dashboard's Service; null where it is not known. */
  readonly service: string | null;
}

/** Its page is reached through an Ingress that it watches: when that fails, so does the page that would say so. */
export function dashboardBehindIngress(read: Reader): readonly Found[] {
  const doors = [...byPod(read), ...byHost(read)];
  const first = doors[0];
  if (!first) return [];
  const { ingress, key } = first;
  const others = [...new Set(doors.map((door) => door.key))].filter((other) => other !== key).sort();
  return [
    risk({
      code: 'dashboard-behind-watched-ingress',
      severity: 'info',
      hop: 'best-practice',
      subject: ingressRef(ingress),
      related: refsOf(read, 'ingresses', others),
      title: `This dashboard is reached through Ingress ${key}, which it watches`,
      detail:
        'an outage of that Ingress or of its controller takes this page with it, just when it is needed: know the other way in beforehand',
      evidence: [evidence(ingressRef(ingress), first.path, first.value)],
      fix: {
        summary: `Keep the port-forward in the runbook: it needs the API server only. ${first.service ? 'Then open http://localhost:3000.' : 'With the name of the dashboard’s Service, then open http://localhost:3000.'}`,
        look: first.service
          ? [forwardTo(read, first.service)]
          : [sh`kubectl get services -A -l app.kubernetes.io/name=ingress-atlas`],
      },
    }),
  ];
}

function forwardTo(read: Reader, service: string): string {
  const { namespace, name } = splitKey(service);
  const port = object(read, 'services', service)?.ports[0]?.port ?? 80;
  return sh`kubectl -n ${namespace} port-forward service/${name} 3000:${port}`;
}

/** Ingresses whose backend is a Service with our own pod among its endpoints. */
function byPod(read: Reader): readonly Door[] {
  const { ownPod } = config(read);
  if (ownPod === '') return [];
  const services = members(read, 'services-of-namespace', splitKey(ownPod).namespace).filter((service) =>
    read.query(serviceEndpoints, service).endpoints.some(({ pod }) => pod === ownPod),
  );
  return services.flatMap((service) =>
    members(read, 'ingresses-of-service', service).flatMap((key) =>
      doorOf(read, key, {
        service,
        path: 'spec.rules[].http.paths[].backend.service.name',
        value: splitKey(service).name,
      }),
    ),
  );
}

/** Ingresses with a rule for the name by which people reach us; a wildcard's only where no rule names it. */
function byHost(read: Reader): readonly Door[] {
  const { ownHost } = config(read);
  if (ownHost === '') return [];
  const wildcard = `*.${ownHost.slice(ownHost.indexOf('.') + 1)}`;
  for (const host of [ownHost, wildcard]) {
    const doors = members(read, 'ingresses-by-host', host).flatMap((key) => {
      const service = read.query(ingressRules, key).find((rule) => rule.host === host)?.service ?? null;
      return doorOf(read, key, { service: known(read, service), path: 'spec.rules[].host', value: host });
    });
    if (doors.length > 0) return doors;
  }
  return [];
}

const known = (read: Reader, service: string | null) =>
  service !== null && object(read, 'services', service) ? service : null;

/** An Ingress that nobody serves for certain, or that goes, leads nowhere as far as is known. */
function doorOf(read: Reader, key: string, way: Pick<Door, 'service' | 'path' | 'value'>): readonly Door[] {
  const ingress = object(read, 'ingresses', key);
  if (!ingress || ingress.deleting !== null || isSolver(ingress)) return [];
  return read.query(serving, key).controllers.length > 0 ? [{ key, ingress, ...way }] : [];
}
