import { readBoolean } from '@/lib/controllers/arguments';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import { type ControllerFacts, controllerFacts, settingsOf } from '@/lib/diagnosis/controller-facts';
import { DATA_STORES } from '@/lib/diagnosis/data-stores';
import { evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceReach } from '@/lib/diagnosis/reach';
import { counted, listed, risk } from '@/lib/diagnosis/risk';
import { sh } from '@/lib/diagnosis/shell';
import type { Service } from '@/lib/kube/objects';
import type { Ref } from '@/lib/kube/refs';
import type { Reader } from '@/lib/state/cells';
import { exposure } from '@/lib/topology/exposure';
import { object } from '@/lib/topology/reads';

function publicServices(read: Reader, id: string): readonly Service[] {
  return read
    .query(exposure, id)
    .services.flatMap((key) => object(read, 'services', key) ?? [])
    .filter((service) => serviceReach(read, service).reach === 'public');
}

interface Trusts {
  readonly field: string;
  readonly ref: Ref | null;
  readonly value: string;
}

/** ingress-nginx: `use-forwarded-headers`, by default from everybody (`proxy-real-ip-cidr` 0.0.0.0/0). configmap.md. */
function nginxTrusts(read: Reader, facts: ControllerFacts): Trusts | null {
  const settings = settingsOf(read, facts, 'configmap');
  if (settings?.data['use-forwarded-headers'] !== 'true') return null;
  const ranges = settings.data['proxy-real-ip-cidr'] ?? '0.0.0.0/0';
  if (!ranges.split(',').some((range) => /^(0\.0\.0\.0|::)\/0$/.test(range.trim()))) return null;
  return { field: 'data.use-forwarded-headers', ref: settings.ref, value: `true, from ${ranges}` };
}

/** Traefik: `--entryPoints.NAME.forwardedHeaders.insecure`. */
function traefikTrusts({ args, ref }: ControllerFacts): Trusts | null {
  const flag = [...args.flags.keys()].find(
    (name) =>
      /^entrypoints\.[^.]+\.forwardedheaders\.insecure$/.test(name) &&
      readBoolean(args, name, false) === true,
  );
  return flag ? { field: `--${flag}`, ref, value: 'true' } : null;
}

/** Balancers that speak HTTP set the headers themselves; what stands before them is declared so. */
const SPEAKS_HTTP = /backend-protocol|ssl-cert|proxy-protocol/i;

/** `forwarded-headers-trusted`: X-Forwarded-For is believed from everybody, while everybody comes directly. */
export function forwardedHeadersTrusted(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const facts = controllerFacts(read, controller);
  if (!facts || (controller.type !== 'ingress-nginx' && controller.type !== 'traefik')) return [];
  const trusts = controller.type === 'traefik' ? traefikTrusts(facts) : nginxTrusts(read, facts);
  if (!trusts) return [];
  const direct = publicServices(read, id).find(
    ({ annotations }) => !Object.keys(annotations).some((key) => SPEAKS_HTTP.test(key)),
  );
  if (!direct) return [];
  const { name } = facts.workload;
  return [
    risk({
      code: 'forwarded-headers-trusted',
      severity: 'warning',
      hop: 'security',
      subject: facts.ref,
      related: trusts.ref ? [trusts.ref] : [],
      title: `Controller ${name} believes what clients say of their own address`,
      detail: `${name} trusts X-Forwarded-* from everybody, and Service ${direct.name} lets everybody come directly: allow-lists, rate limits and logs can be deceived`,
      evidence: [evidence(trusts.ref, trusts.field, trusts.value)],
      fix: {
        summary:
          'Trust only the proxies that stand before it (proxy-real-ip-cidr; forwardedHeaders.trustedIPs of Traefik), or nobody.',
        look: [
          trusts.ref?.kind === 'ConfigMap'
            ? sh`kubectl -n ${trusts.ref.namespace} get configmap ${trusts.ref.name} -o yaml`
            : facts.look,
        ],
        managedBy: managedBy(facts.workload),
      },
    }),
  ];
}

/** Ports that nobody should find on the internet: shells, desktops, container and cluster APIs, data stores. */
const SENSITIVE: ReadonlyMap<number, string> = new Map([
  [22, 'SSH'],
  [3389, 'remote desktop'],
  [5900, 'VNC'],
  [2375, 'Docker'],
  [6443, 'the Kubernetes API'],
  [10250, 'the kubelet'],
  [445, 'file shares'],
  ...DATA_STORES.map(({ port, product }): [number, string] => [port, product]),
]);

/** Ports that others use too: there the name must say it as well (CHECKS trap 27). */
const AMBIGUOUS = new Set([9200, 9092, 5672, 22]);

function sensitive(port: string, target: string): string | null {
  const [name = '', backend = ''] = target.split(':');
  const numbers = [Number(port), Number(backend)];
  const number = numbers.find((one) => SENSITIVE.has(one));
  const what = number === undefined ? undefined : SENSITIVE.get(number);
  if (number === undefined || what === undefined) return null;
  const word = number === 22 ? /ssh|git|bastion|sftp/ : new RegExp(what.toLowerCase());
  return AMBIGUOUS.has(number) && !word.test(name.toLowerCase()) ? null : what;
}

/** `tcp-services-sensitive`: ports of `--tcp-services-configmap` that lead to shells or data stores (`PORT: NS/NAME:PORT`). */
export function tcpServicesSensitive(read: Reader, { id, controller }: ControllerUnit): readonly Found[] {
  const facts = controller.type === 'ingress-nginx' ? controllerFacts(read, controller) : null;
  const settings = facts && settingsOf(read, facts, 'tcp-services-configmap');
  const { ref, data } = settings ?? {};
  if (!facts || !ref || !data) return [];
  const published = new Set(
    publicServices(read, id).flatMap(({ ports }) => ports.map((port) => String(port.port))),
  );
  const found = Object.entries(data).flatMap(([port, target]) => {
    const what = published.has(port) ? sensitive(port, target) : null;
    return what === null ? [] : [{ port, target, what }];
  });
  if (found.length === 0) return [];
  return [
    risk({
      code: 'tcp-services-sensitive',
      severity: 'warning',
      hop: 'security',
      subject: ref,
      related: [facts.ref],
      title: `Controller ${facts.workload.name} publishes ${listed([...new Set(found.map(({ what }) => what))])}`,
      detail: `${counted(found.length, 'port', 'ports')} of ConfigMap ${ref.name} on its public load balancer: ${listed(found.map(({ port, target, what }) => `${port} → ${target} (${what})`))}`,
      evidence: found.slice(0, 5).map(({ port, target }) => evidence(ref, `data["${port}"]`, target)),
      fix: {
        summary:
          'Take the mapping away and reach it by VPN or kubectl port-forward, or limit the load balancer to your own networks.',
        look: [sh`kubectl -n ${ref.namespace} get configmap ${ref.name} -o yaml`],
        managedBy: managedBy(object(read, 'configmaps', `${ref.namespace}/${ref.name}`) ?? facts.workload),
      },
    }),
  ];
}
