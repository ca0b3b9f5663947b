/** Small objects for the tests of this folder. */
import type { Ingress, IngressClass, Meta, Namespace, Workload, WorkloadContainer } from '@/lib/kube/objects';
import { acceptance, recogniseWorkload } from './registry';
import type { Acceptance, AcceptanceContext, NamedClass, RecognisedWorkload } from './types';

function meta(namespace: string, name: string): Meta {
  return {
    namespace,
    name,
    uid: '',
    created: null,
    deleting: null,
    labels: {},
    annotations: {},
    owner: null,
  };
}

export function container(
  image: string,
  args: readonly string[] = [],
  rest: Partial<WorkloadContainer> = {},
): WorkloadContainer {
  return {
    name: 'main',
    image,
    ports: [],
    readiness: 'none',
    command: [],
    args,
    env: {},
    hasLivenessProbe: false,
    readinessPort: null,
    requests: [],
    limits: [],
    security: {
      privileged: false,
      allowPrivilegeEscalation: null,
      runAsNonRoot: null,
      runAsUser: null,
      addedCapabilities: [],
      droppedCapabilities: [],
    },
    ...rest,
  };
}

export function workload(containers: readonly WorkloadContainer[], rest: Partial<Workload> = {}): Workload {
  return {
    ...meta('ingress', 'app'),
    kind: 'Deployment',
    generation: 1,
    observedGeneration: 1,
    replicas: 1,
    readyReplicas: 1,
    updatedReplicas: 1,
    selector: { matchLabels: {}, matchExpressions: [] },
    templateLabels: {},
    hostNetwork: false,
    serviceAccount: '',
    containers,
    conditions: [],
    spreads: false,
    configMaps: [],
    edited: null,
    ...rest,
  };
}

export function ingress(rest: Partial<Ingress> = {}): Ingress {
  return {
    ...meta('shop', 'web'),
    className: null,
    defaultBackend: null,
    rules: [{ host: 'www.example.com', paths: [] }],
    tls: [],
    addresses: [],
    edited: null,
    ...rest,
  };
}

export function annotated(value: string, rest: Partial<Ingress> = {}): Ingress {
  return ingress({ annotations: { 'kubernetes.io/ingress.class': value }, ...rest });
}

export function ingressClass(name: string, controller: string, isDefault = false): IngressClass {
  return { ...meta('', name), controller, isDefault, parameters: null };
}

export function namespace(name: string, labels: Record<string, string> = {}): Namespace {
  return { ...meta('', name), labels, phase: 'Active' };
}

/** A workload that must be recognised. */
export function controller(
  image: string,
  args: readonly string[] = [],
  rest: Partial<WorkloadContainer> = {},
): RecognisedWorkload {
  const found = recogniseWorkload(workload([container(image, args, rest)]));
  if (!found) throw new Error(`${image} was not recognised`);
  return found;
}

interface Surroundings extends Partial<AcceptanceContext> {
  readonly ingressClass?: NamedClass;
  readonly namespace?: Namespace | null;
}

/** Asks for acceptance with everything readable unless told otherwise. */
export function ask(
  instance: RecognisedWorkload,
  target: Ingress,
  surroundings: Surroundings = {},
): Acceptance {
  const {
    ingressClass: named = null,
    namespace: home = namespace(target.namespace),
    classes = [],
    workloads = [],
  } = surroundings;
  return acceptance({
    instance,
    ingress: target,
    ingressClass: named,
    namespace: home,
    context: { classes, workloads },
  });
}
