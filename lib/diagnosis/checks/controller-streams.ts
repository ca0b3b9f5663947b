import { hasFlag, readText } from '@/lib/controllers/arguments';
import { type ConfigMapRef, configMapRefs } from '@/lib/controllers/config-maps';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { controllerArguments, controllerRef, controllerWorkload } from '@/lib/diagnosis/controller-parts';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { ConfigMap } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { known, object } from '@/lib/topology/reads';

const MOST = 10;
/** Ports that ingress-nginx keeps for itself (internal/nginx/main.go), beside those that flags move. */
const OWN_PORTS = [10245, 10246, 10247];
const MOVED_PORTS: readonly (readonly [flag: string, otherwise: number])[] = [
  ['http-port', 80],
  ['https-port', 443],
  ['ssl-passthrough-proxy-port', 442],
  ['default-server-port', 8181],
  ['healthz-port', 10254],
];

/** `controller-tcp-udp-ref-broken`: entries `PORT: NS/SERVICE:PORT` of the ConfigMaps for TCP and UDP that lead nowhere. */
export function streamsBroken(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const workload = controllerWorkload(read, controller);
  if (!workload || (controller.type !== 'ingress-nginx' && controller.type !== 'haproxytech')) return [];
  return configMapRefs(workload)
    .filter(({ role }) => role !== 'settings')
    .flatMap((reference): Found[] => {
      const map = object(read, 'configmaps', reference.key);
      if (!map) return [];
      const taken = controller.type === 'ingress-nginx' ? reservedPorts(read, controller) : [];
      const faults = Object.entries(map.data).flatMap(([port, value]) => {
        const fault = faultOf(read, reference, taken, port, value);
        return fault === null ? [] : [{ port, value, fault }];
      });
      return faults.length === 0 ? [] : [{ draft: streamDraft(read, controller, map, faults) }];
    });
}

interface Fault {
  readonly port: string;
  readonly value: string;
  readonly fault: string;
}

function streamDraft(read: Reader, controller: Controller, map: ConfigMap, faults: readonly Fault[]) {
  const subject = refOf('configmaps', map.namespace, map.name, map.uid);
  const [first] = faults as [Fault];
  const more = faults.length > 1 ? ` and ${faults.length - 1} more` : '';
  return draft({
    code: 'controller-tcp-udp-ref-broken',
    severity: 'broken',
    hop: 'controller',
    subject,
    related: [controllerRef(read, controller)],
    title: `Port ${first.port || '?'} of controller ${controller.name}${more} leads nowhere`,
    detail: faults
      .slice(0, MOST)
      .map(({ port, fault }) => `port ${port || '?'}: ${fault}`)
      .join('; '),
    evidence: faults.slice(0, MOST).map(({ port, value }) => evidence(subject, `data[${port}]`, value)),
    fix: {
      summary: 'Correct the entries: PORT as key, NAMESPACE/SERVICE:PORT as value.',
      look: [sh`kubectl -n ${map.namespace} get configmap ${map.name} -o yaml`, 'kubectl get service -A'],
      managedBy: managedBy(map),
    },
  });
}

function reservedPorts(read: Reader, controller: Controller): readonly number[] {
  const args = controllerArguments(read, controller);
  if (!args) return [];
  const moved = MOVED_PORTS.flatMap(([flag, otherwise]) => {
    if (!hasFlag(args, flag)) return [otherwise];
    const reading = readText(args, flag);
    return reading.state === 'set' ? [Number(reading.value)] : [];
  });
  return [...OWN_PORTS, ...moved];
}

/** ingress-nginx getStreamServices: `NS/NAME:PORT[:PROXY[:PROXY]]`, the port by number or by name. */
function faultOf(
  read: Reader,
  { role }: ConfigMapRef,
  taken: readonly number[],
  port: string,
  value: string,
): string | null {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) return 'its key is no port';
  if (role === 'tcp' && taken.includes(number)) return 'the controller needs this port itself';
  const match = /^([^/:\s]+)\/([^/:\s]+):([^:\s]+)/.exec(value.trim());
  if (!match) return 'its value is not NAMESPACE/SERVICE:PORT';
  const [, namespace = '', name = '', wanted = ''] = match;
  const service = object(read, 'services', objectKey(namespace, name));
  if (!service) return known(read, 'services').known ? `Service ${namespace}/${name} does not exist` : null;
  const protocol = role.toUpperCase();
  const has = service.ports.some(
    (entry) =>
      entry.protocol === protocol &&
      (String(entry.port) === wanted || (wanted !== '' && entry.name === wanted)),
  );
  if (has || service.type === 'ExternalName') return null;
  return `Service ${namespace}/${name} has no ${protocol} port ${wanted}`;
}
