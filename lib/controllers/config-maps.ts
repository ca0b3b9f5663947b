/** Which ConfigMaps a controller reads, by its arguments. */
import type { Workload, WorkloadContainer } from '@/lib/kube/objects';
import { type Arguments, type Reading, readArguments, readText } from './arguments';
import { recogniseWorkload } from './registry';
import type { ControllerType } from './types';

export interface ConfigMapRef {
  /** `settings` are the controller's own; `tcp` and `udp` map ports to Services. */
  readonly role: 'settings' | 'tcp' | 'udp';
  /** As written, with dashes. */
  readonly flag: string;
  /** `NS/NAME`. */
  readonly key: string;
}

type Flags = Readonly<Partial<Record<ControllerType, Readonly<Record<string, ConfigMapRef['role']>>>>>;

/**
 * ingress-nginx pkg/flags/flags.go v1.15.1; nginx/kubernetes-ingress cmd/nginx-ingress/flags.go; haproxytech
 * pkg/utils/flags.go; jcmoraisjr pkg/controller/config/options.go.
 */
const FLAGS: Flags = {
  'ingress-nginx': {
    configmap: 'settings',
    'tcp-services-configmap': 'tcp',
    'udp-services-configmap': 'udp',
  },
  'f5-nginx': { 'nginx-configmaps': 'settings' },
  haproxytech: { configmap: 'settings', 'configmap-tcp-services': 'tcp' },
  'haproxy-ingress': { configmap: 'settings', 'tcp-services-configmap': 'tcp' },
};

interface OwnContainer {
  readonly container: WorkloadContainer;
  readonly args: Arguments;
}

/** Workloads are immutable, and every Ingress of a controller asks for its command line. */
const readBefore = new WeakMap<Workload, OwnContainer | null>();

/** The container that makes a workload a controller, with its command line. */
export function controllerContainer(workload: Workload): OwnContainer | null {
  const before = readBefore.get(workload);
  if (before !== undefined) return before;
  const found = recogniseWorkload(workload);
  const container = workload.containers.find(({ image }) => image === found?.image);
  const own = found && container ? { container, args: readArguments(workload, container) } : null;
  readBefore.set(workload, own);
  return own;
}

/** The ConfigMaps that a controller's arguments name; what cannot be read is left out. */
export function configMapRefs(workload: Workload): readonly ConfigMapRef[] {
  const type = recogniseWorkload(workload)?.type;
  const flags = type === undefined ? undefined : FLAGS[type];
  if (type === 'contour') return contourConfig(workload);
  const own = flags ? controllerContainer(workload) : null;
  if (!flags || !own) return [];
  return Object.entries(flags).flatMap(([name, role]) =>
    keysOf(readText(own.args, name), workload.namespace).map((key) => ({ role, flag: `--${name}`, key })),
  );
}

/** F5 takes a list; a bare name lies in the controller's namespace. */
function keysOf(reading: Reading, namespace: string): readonly string[] {
  if (reading.state !== 'set') return [];
  return reading.value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (part.includes('/') ? part : `${namespace}/${part}`))
    .filter((key) => /^[^/]+\/[^/]+$/.test(key));
}

/** Contour reads a file (`--config-path`): it is known where its pods mount one ConfigMap only. */
function contourConfig(workload: Workload): readonly ConfigMapRef[] {
  const own = controllerContainer(workload);
  const [only, second] = workload.configMaps;
  if (!own || only === undefined || second !== undefined) return [];
  if (readText(own.args, 'config-path').state === 'absent') return [];
  return [{ role: 'settings', flag: '--config-path', key: `${workload.namespace}/${only}` }];
}
