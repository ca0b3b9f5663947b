import { type Arguments, readBoolean, readText } from '@/lib/controllers/arguments';
import type { ControllerType } from '@/lib/controllers/types';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts } from '@/lib/diagnosis/controller-facts';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceReach } from '@/lib/diagnosis/reach';
import { listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service, ServicePort } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { exposure } from '@/lib/topology/exposure';
import { object } from '@/lib/topology/reads';

/** What a controller serves for itself, by container port; another port of that number may be an application's. */
const INTERNAL: Partial<Record<ControllerType, ReadonlyMap<number, string>>> = {
  'ingress-nginx': new Map([
    [10254, 'metrics and health'],
    [10245, 'the profiler'],
    [10246, 'its status page'],
  ]),
  traefik: new Map([
    [8080, 'the dashboard and API'],
    [9000, 'the dashboard and API'],
    [9100, 'metrics'],
  ]),
  haproxytech: new Map([
    [1024, 'the statistics page'],
    [6060, 'metrics'],
  ]),
  'haproxy-ingress': new Map([
    [1936, 'the statistics page'],
    [9101, 'metrics'],
    [10254, 'metrics and health'],
  ]),
};

/** Names of entry points that Traefik's chart keeps for itself. */
const OWN_ENTRYPOINT = /^(traefik|metrics)$/;

/** Ports of Traefik's entry points for users: whatever their number, they are the web's. */
function userPorts(args: Arguments): ReadonlySet<number> {
  const found = [...args.flags.keys()].flatMap((flag) => {
    const name = /^entrypoints\.([^.]+)\.address$/.exec(flag)?.[1];
    if (name === undefined || OWN_ENTRYPOINT.test(name)) return [];
    const reading = readText(args, flag);
    const port = reading.state === 'set' ? /:(\d+)/.exec(reading.value)?.[1] : undefined;
    return port === undefined ? [] : [Number(port)];
  });
  return new Set(found);
}

function purpose({ controller, container, args }: ControllerFacts, port: ServicePort): string | null {
  const { targetPort } = port;
  const number =
    typeof targetPort === 'number'
      ? targetPort
      : container.ports.find(({ name }) => name === targetPort)?.port;
  if (number === undefined || (controller.type === 'traefik' && userPorts(args).has(number))) return null;
  return INTERNAL[controller.type]?.get(number) ?? null;
}

/** `controller-internal-port-public`: metrics, statistics or the dashboard on the load balancer that users come through. */
export function internalPortPublic(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  if (!facts) return [];
  return read
    .query(exposure, id)
    .services.flatMap((key) => object(read, 'services', key) ?? [])
    .filter((service) => serviceReach(read, service).reach === 'public')
    .flatMap((service) => ofService(facts, service));
}

function ofService(facts: ControllerFacts, service: Service): readonly Found[] {
  const open = service.ports.flatMap((port) => {
    const what = purpose(facts, port);
    return what === null ? [] : [{ port, what }];
  });
  const [first] = open;
  if (!first) return [];
  const { namespace, name } = service;
  const ref = refOf('services', namespace, name, service.uid);
  return [
    risk({
      code: 'controller-internal-port-public',
      severity: 'warning',
      hop: 'security',
      subject: ref,
      related: [facts.ref],
      title: `Service ${name} shows the outside what is the controller's own`,
      detail: `${listed(open.map(({ port, what }) => `port ${port.port} leads to ${what}`))}: meant for the cluster alone`,
      evidence: open.map(({ port }) => evidence(ref, 'spec.ports', `${port.port} → ${port.targetPort}`)),
      fix: {
        summary: 'Take the port off this Service, and give monitoring a ClusterIP Service of its own.',
        look: [sh`kubectl -n ${namespace} get service ${name} -o yaml`],
        managedBy: managedBy(service),
      },
    }),
  ];
}

/** `traefik-dashboard-insecure`: `--api.insecure` serves dashboard and API without login. Routers (CRDs) are not read. */
export function dashboardInsecure(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const facts = controller.type === 'traefik' ? controllerFacts(read, controller) : null;
  if (!facts || readBoolean(facts.args, 'api.insecure', false) !== true) return [];
  const { name, namespace } = facts.workload;
  return [
    risk({
      code: 'traefik-dashboard-insecure',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      title: `The dashboard of ${name} asks for no login`,
      detail: `${name} runs with --api.insecure: whoever reaches the port of its API sees every route, middleware and Service`,
      evidence: [
        evidence(facts.ref, `spec.template.spec.containers[${facts.container.name}].args`, '--api.insecure'),
      ],
      fix: {
        summary:
          'Take --api.insecure away; serve the dashboard by a router with authentication, or by port-forward only.',
        look: [sh`kubectl -n ${namespace} get services -o wide`, facts.look],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}
