import type {
  Condition,
  ContainerPort,
  ContainerSpec,
  Labels,
  ReadinessWay,
  WorkloadContainer,
} from '@/lib/kube/objects';
import type { Interner } from './interner';
import { cut, list, number, numberOr, type Raw, record, text, texts, time } from './raw';
import { isPlainEnv, maskArguments } from './secrecy';

/** Longest message of a status kept, in characters. */
export const LONGEST_MESSAGE = 300;
const LONGEST_VALUE = 1024;

function ports(value: unknown): readonly ContainerPort[] {
  return list(value).map((entry) => {
    const port = record(entry);
    return {
      name: text(port.name),
      port: numberOr(port.containerPort, 0),
      protocol: text(port.protocol) || 'TCP',
      hostPort: number(port.hostPort),
    };
  });
}

function spec(container: Raw): ContainerSpec {
  return {
    name: text(container.name),
    image: text(container.image),
    ports: ports(container.ports),
    readiness: readinessWay(container.readinessProbe),
  };
}

function readinessWay(probe: unknown): ReadinessWay {
  if (typeof probe !== 'object' || probe === null) return 'none';
  const raw = record(probe);
  const way = WAYS.find(([field]) => typeof raw[field] === 'object' && raw[field] !== null);
  return way ? way[1] : 'other';
}

/** The fields of a probe (core/v1 ProbeHandler). */
const WAYS: readonly (readonly [field: string, way: ReadinessWay])[] = [
  ['httpGet', 'http'],
  ['tcpSocket', 'tcp'],
  ['grpc', 'grpc'],
  ['exec', 'exec'],
];

/** The pod's containers, and init containers that keep running (sidecars), in this order. */
function running(podSpec: Raw): Raw[] {
  const containers = list(podSpec.containers).map(record);
  const sidecars = list(podSpec.initContainers).map(record).filter(isSidecar);
  return sidecars.length === 0 ? containers : [...containers, ...sidecars];
}

/** An init container that Kubernetes keeps running beside the others (KEP-753). */
export function isSidecar(container: Raw): boolean {
  return container.restartPolicy === 'Always';
}

/** Container specs of a pod, one shared list for all pods of a template. */
export function containerSpecs(podSpec: Raw, interner: Interner): readonly ContainerSpec[] {
  return interner.near('containers', running(podSpec).map(spec));
}

function env(value: unknown): Labels {
  const out: Record<string, string> = {};
  for (const entry of list(value)) {
    const variable = record(entry);
    const name = text(variable.name);
    if (name === '' || name === '__proto__') continue;
    const field = text(record(record(variable.valueFrom).fieldRef).fieldPath);
    const literal = text(variable.value);
    if (field !== '') out[name] = `fieldRef:${cut(field, LONGEST_VALUE)}`;
    else if (variable.valueFrom === undefined && isPlainEnv(name, literal))
      out[name] = cut(literal, LONGEST_VALUE);
  }
  return out;
}

function commandLine(value: unknown): string[] {
  return maskArguments(texts(value).map((argument) => cut(argument, LONGEST_VALUE)));
}

function probePort(probe: unknown): number | string | null {
  const raw = record(probe);
  for (const way of [raw.httpGet, raw.tcpSocket, raw.grpc]) {
    const { port } = record(way);
    if (typeof port === 'number' || (typeof port === 'string' && port !== '')) return port;
  }
  return null;
}

function resourceNames(value: unknown): string[] {
  return Object.keys(record(value))
    .filter((name) => name === 'cpu' || name === 'memory')
    .sort();
}

function flagOrNull(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function security(own: Raw, pod: Raw): WorkloadContainer['security'] {
  const capabilities = record(own.capabilities);
  return {
    privileged: own.privileged === true,
    allowPrivilegeEscalation: flagOrNull(own.allowPrivilegeEscalation),
    runAsNonRoot: flagOrNull(own.runAsNonRoot) ?? flagOrNull(pod.runAsNonRoot),
    runAsUser: number(own.runAsUser) ?? number(pod.runAsUser),
    addedCapabilities: texts(capabilities.add),
    droppedCapabilities: texts(capabilities.drop),
  };
}

/** Containers of a workload's template with their command lines and plain environment. */
export function workloadContainers(podSpec: Raw, interner: Interner): readonly WorkloadContainer[] {
  return running(podSpec).map((container) => workloadContainer(container, podSpec, interner));
}

/** Images differ from workload to workload; the parts beside them mostly do not, so each is shared by itself. */
function workloadContainer(container: Raw, podSpec: Raw, interner: Interner): WorkloadContainer {
  const { name, image, ports: open, readiness } = spec(container);
  const resources = record(container.resources);
  return {
    name: interner.text(name),
    image,
    ports: interner.value('open', open),
    readiness,
    command: interner.value('command', commandLine(container.command)),
    args: interner.value('args', commandLine(container.args)),
    env: interner.value('env', env(container.env)),
    hasLivenessProbe: typeof container.livenessProbe === 'object' && container.livenessProbe !== null,
    readinessPort: probePort(container.readinessProbe),
    requests: interner.value('requests', resourceNames(resources.requests)),
    limits: interner.value('limits', resourceNames(resources.limits)),
    security: interner.value(
      'security',
      security(record(container.securityContext), record(podSpec.securityContext)),
    ),
  };
}

/** One condition of a status. */
export function condition(entry: unknown, interner: Interner): Condition {
  const raw = record(entry);
  return {
    type: interner.text(text(raw.type)),
    status: text(raw.status),
    reason: interner.text(text(raw.reason)),
    message: interner.text(cut(text(raw.message), LONGEST_MESSAGE)),
    since: time(raw.lastTransitionTime),
  };
}
