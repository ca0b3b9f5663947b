/* Running controllers that publish their address write it into the Ingresses that they serve. */
import { type Cluster, type ControllerDefinition, own } from './cluster';
import { isReady } from './conditions';
import type { Deployment, Ingress, IngressClass, LoadBalancerIngress, Node, Pod, Service } from './shapes';

const RESOURCE = 'ingresses.networking.k8s.io';
const CLASSES = 'ingressclasses.networking.k8s.io';
const LEGACY_CLASS = 'kubernetes.io/ingress.class';
const DEFAULT_CONTROLLER = 'k8s.io/ingress-nginx';
/** What GKE's controller, which has no pods, leaves on an Ingress that it serves. */
const GKE_MARK = 'ingress.kubernetes.io/url-map';

interface Instance {
  readonly controllerClass: string;
  readonly className: string;
  readonly watchesClassless: boolean;
  readonly addresses: readonly LoadBalancerIngress[];
  readonly pods: number;
  readonly isReady: boolean;
}

/** Keeps `status.loadBalancer` of Ingresses as these controllers do: seconds late, and gone with its last pod. */
export const ingressStatusController: ControllerDefinition = {
  name: 'ingress-status',
  delayMs: 400,
  watches: {
    [RESOURCE]: (event) => (event.type === 'DELETED' ? [] : own(event)),
    services: all,
    [CLASSES]: all,
    'deployments.apps': all,
    'daemonsets.apps': all,
  },
  reconcile(cluster, namespace, name) {
    const ingress = cluster.get<Ingress>(RESOURCE, namespace, name);
    if (!ingress || ingress.metadata.deletionTimestamp) return;
    const serving = instances(cluster).find((instance) => serves(cluster, instance, ingress));
    const current = ingress.status?.loadBalancer?.ingress ?? [];
    // A crashed controller leaves what it wrote; one that was shut down takes it back.
    if (serving && !serving.isReady && serving.pods > 0) return;
    const addresses = serving ? serving.addresses : addressesOfGke(cluster, ingress);
    if (JSON.stringify(current) === JSON.stringify(addresses)) return;
    ingress.status = { ...ingress.status, loadBalancer: addresses.length ? { ingress: [...addresses] } : {} };
    cluster.updateStatus(RESOURCE, ingress, 'nginx-ingress-controller');
  },
};

/** An address of its own for every Ingress that bears its mark. */
function addressesOfGke(cluster: Cluster, { metadata, status }: Ingress): readonly LoadBalancerIngress[] {
  if (metadata.annotations?.[GKE_MARK] === undefined) return [];
  const current = status?.loadBalancer?.ingress ?? [];
  if (current.length > 0) return current;
  const ip = cluster.addresses.balancerAddress(`gke ${metadata.namespace}/${metadata.name}`, new Set());
  return ip ? [{ ip }] : [];
}

function all(_event: unknown, cluster: Cluster): readonly string[] {
  return cluster
    .list<Ingress>(RESOURCE)
    .map((ingress) => `${ingress.metadata.namespace}/${ingress.metadata.name}`);
}

/** What a container's arguments say of how it writes the status; null: it writes none, or is no such controller. */
interface Writer {
  readonly controllerClass: string;
  readonly className: string;
  readonly watchesClassless: boolean;
  /** `NAMESPACE/NAME` of the Service whose addresses it writes; without one, those of its pods' nodes. */
  readonly published: string | undefined;
}

type Flags = (name: string) => string | undefined;

/** An ingress-nginx of 1.0 or newer: older ones don't know networking.k8s.io/v1. */
function ingressNginx(image: string, flag: Flags): Writer | null {
  if (!/ingress-nginx\/controller|nginx-ingress-controller/.test(image)) return null;
  const version = /:v?(\d+)\./.exec(image)?.[1];
  if (version === undefined || Number(version) < 1 || flag('update-status') === 'false') return null;
  return {
    controllerClass: flag('controller-class') ?? DEFAULT_CONTROLLER,
    className: flag('ingress-class') ?? 'nginx',
    watchesClassless: flag('watch-ingress-without-class') === 'true',
    published: flag('publish-service'),
  };
}

/** F5's writes only what it is told to, and takes Ingresses of its class alone. */
function f5Nginx(image: string, flag: Flags, namespace: string): Writer | null {
  const service = flag('external-service');
  if (!/(^|\/)nginx-(plus-)?ingress:/.test(image) || !service) return null;
  const reports = flag('report-ingress-status');
  if (reports === undefined || reports === 'false') return null;
  const className = flag('ingress-class') ?? 'nginx';
  return {
    controllerClass: 'nginx.org/ingress-controller',
    className,
    watchesClassless: false,
    published: `${namespace}/${service}`,
  };
}

/** Contour writes the address of its Envoys' Service, which its manifest calls `envoy`; Ingresses without class are its own. */
function contour(image: string, words: readonly string[], flag: Flags, namespace: string): Writer | null {
  if (!/(^|\/)contour(:|@|$)/.test(image) || !words.includes('serve')) return null;
  return {
    controllerClass: 'projectcontour.io/ingress-controller',
    className: flag('ingress-class-name') ?? 'contour',
    watchesClassless: flag('ingress-class-name') === undefined,
    published: `${flag('envoy-service-namespace') ?? namespace}/${flag('envoy-service-name') ?? 'envoy'}`,
  };
}

/** Flags with one dash or two; one without value is `true`. */
function flagsOf(words: readonly string[]): Flags {
  const found = new Map(
    words.flatMap((word): [string, string][] => {
      const [, name, value] = /^--?([\w-]+)(?:=(.*))?$/s.exec(word) ?? [];
      return name === undefined ? [] : [[name, value ?? 'true']];
    }),
  );
  return (name) => found.get(name);
}

function instances(cluster: Cluster): Instance[] {
  const workloads = [
    ...cluster.list<Deployment>('deployments.apps'),
    ...cluster.list<Deployment>('daemonsets.apps'),
  ];
  return workloads.flatMap((workload): Instance[] => {
    const namespace = workload.metadata.namespace ?? 'default';
    const writers = workload.spec.template.spec.containers.map(({ image, command = [], args = [] }) => {
      const words = [...command, ...args];
      const flag = flagsOf(words);
      return (
        ingressNginx(image, flag) ?? f5Nginx(image, flag, namespace) ?? contour(image, words, flag, namespace)
      );
    });
    const writer = writers.find((each) => each !== null);
    if (!writer) return [];
    const labels = Object.entries(workload.spec.selector.matchLabels ?? {});
    const pods = cluster
      .list<Pod>('pods', namespace)
      .filter((pod) => labels.every(([key, value]) => pod.metadata.labels?.[key] === value));
    const isRunning = pods.some(isReady);
    const published = writer.published?.replace('$(POD_NAMESPACE)', namespace);
    return [
      {
        ...writer,
        addresses: !isRunning
          ? []
          : published
            ? publishedAddresses(cluster, published)
            : nodeAddresses(cluster, pods),
        pods: pods.length,
        isReady: isRunning,
      },
    ];
  });
}

/** As ingress-nginx without `--publish-service`: the external addresses of the nodes where its pods run (internal/k8s GetNodeIPOrName). */
function nodeAddresses(cluster: Cluster, pods: readonly Pod[]): LoadBalancerIngress[] {
  const names = new Set(pods.filter(isReady).map((pod) => pod.spec.nodeName ?? ''));
  const found = cluster.list<Node>('nodes').flatMap(({ metadata, status }) => {
    if (!names.has(metadata.name)) return [];
    const addresses = status?.addresses ?? [];
    const chosen =
      addresses.find(({ type }) => type === 'ExternalIP') ??
      addresses.find(({ type }) => type === 'InternalIP');
    return chosen ? [{ ip: chosen.address }] : [];
  });
  return found.sort((a, b) => (a.ip < b.ip ? -1 : 1));
}

function publishedAddresses(cluster: Cluster, published: string): LoadBalancerIngress[] {
  const [namespace, name] = published.split('/');
  const service = namespace && name ? cluster.get<Service>('services', namespace, name) : undefined;
  if (!service) return [];
  const external = (service.spec.externalIPs ?? []).map((ip) => ({ ip }));
  if (service.spec.type === 'LoadBalancer') {
    const own_ = (service.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) =>
      ip ? { ip } : { hostname: hostname ?? '' },
    );
    return [...own_, ...external];
  }
  if (service.spec.type === 'NodePort' && external.length > 0) return external;
  return service.spec.clusterIP && service.spec.clusterIP !== 'None' ? [{ ip: service.spec.clusterIP }] : [];
}

function serves(cluster: Cluster, instance: Instance, ingress: Ingress): boolean {
  const className = ingress.spec?.ingressClassName;
  const legacy = ingress.metadata.annotations?.[LEGACY_CLASS];
  if (legacy !== undefined) return legacy === instance.className;
  if (className === undefined) return instance.watchesClassless;
  const found = cluster.get<IngressClass>(CLASSES, undefined, className);
  return found?.spec?.controller === instance.controllerClass;
}
