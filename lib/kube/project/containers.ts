import type { Condition, ContainerPort, ContainerSpec, Labels, WorkloadContainer } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { cut, list, number, numberOr, type Raw, record, text, texts, time } from './raw';
import { isPlainEnv, maskArguments } from './secrecy';

/** Longest message of a status kept, in characters. */
export const LONGEST_MESSAGE = 300;
const LONGEST_VALUE = 1024;

function ports(value: unknown): ContainerPort[] {
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
    hasReadinessProbe: typeof container.readinessProbe === 'object' && container.readinessProbe !== null,
  };
}

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
  return interner.value('containers', running(podSpec).map(spec));
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

/** Containers of a workload's template with their command lines and plain environment. */
export function workloadContainers(podSpec: Raw, interner: Interner): readonly WorkloadContainer[] {
  return interner.value(
    'workload',
    running(podSpec).map((container) => ({
      ...spec(container),
      command: commandLine(container.command),
      args: commandLine(container.args),
      env: env(container.env),
    })),
  );
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
