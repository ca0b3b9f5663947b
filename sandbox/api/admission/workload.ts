// What a cluster fills into Pods and the kinds that make them.
import { isRecord, type JsonRecord, record, text } from '../json';
import type { KubeObject } from '../types';

function probe(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const http = isRecord(value.httpGet) ? { httpGet: { path: '/', scheme: 'HTTP', ...value.httpGet } } : {};
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...value,
    ...http,
  };
}

function container(value: unknown): unknown {
  if (!isRecord(value)) return value;
  const image = text(value.image);
  const tag = image.split('/').at(-1)?.split(':')[1];
  const imagePullPolicy =
    image.includes('@') || (tag !== undefined && tag !== 'latest') ? 'IfNotPresent' : 'Always';
  const result: JsonRecord = {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy,
    ...value,
  };
  if (Array.isArray(value.ports)) {
    result.ports = value.ports.map((port: unknown) => (isRecord(port) ? { protocol: 'TCP', ...port } : port));
  }
  for (const key of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (value[key] !== undefined) result[key] = probe(value[key]);
  }
  return result;
}

/** A pod's spec with the API server's defaults. */
export function defaultPodSpec(spec: unknown): JsonRecord {
  const given = record(spec);
  const result: JsonRecord = {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...given,
  };
  for (const key of ['containers', 'initContainers']) {
    const list = given[key];
    if (Array.isArray(list)) result[key] = list.map(container);
  }
  return result;
}

/** A Pod as the API server stores it. */
export function defaultPod(pod: KubeObject): KubeObject {
  const spec = { serviceAccountName: 'default', enableServiceLinks: true, ...defaultPodSpec(pod.spec) };
  return { ...pod, spec, status: { phase: 'Pending', qosClass: 'BestEffort', ...record(pod.status) } };
}

function template(value: unknown): JsonRecord {
  const given = record(value);
  return { ...given, metadata: { ...record(given.metadata) }, spec: defaultPodSpec(given.spec) };
}

const ROLLING = { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } };

/** The given object, or the default where nothing is in it: Go clients send `{}` for "not set". */
function filled(value: unknown, fallback: unknown): unknown {
  return isRecord(value) && Object.keys(value).length > 0 ? value : fallback;
}

function strategy(value: unknown): unknown {
  if (!isRecord(value)) return ROLLING;
  if (value.type !== undefined && value.type !== 'RollingUpdate') return value;
  return {
    ...ROLLING,
    ...value,
    rollingUpdate: { ...ROLLING.rollingUpdate, ...record(value.rollingUpdate) },
  };
}

/** A Deployment as the API server stores it. */
export function defaultDeployment(object: KubeObject): KubeObject {
  const given = record(object.spec);
  const spec = {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    ...given,
    strategy: strategy(given.strategy),
    template: template(given.template),
  };
  return { ...object, spec, status: object.status ?? {} };
}

/** A ReplicaSet. */
export function defaultReplicaSet(object: KubeObject): KubeObject {
  const given = record(object.spec);
  const spec = { replicas: 1, ...given, template: template(given.template) };
  return { ...object, spec, status: object.status ?? { replicas: 0 } };
}

/** A StatefulSet. */
export function defaultStatefulSet(object: KubeObject): KubeObject {
  const given = record(object.spec);
  const spec = {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    ...given,
    updateStrategy: filled(given.updateStrategy, { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }),
    template: template(given.template),
  };
  return { ...object, spec, status: object.status ?? { replicas: 0, availableReplicas: 0 } };
}

/** A DaemonSet. */
export function defaultDaemonSet(object: KubeObject): KubeObject {
  const given = record(object.spec);
  const spec = {
    revisionHistoryLimit: 10,
    ...given,
    updateStrategy: filled(given.updateStrategy, {
      type: 'RollingUpdate',
      rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
    }),
    template: template(given.template),
  };
  const counts = {
    currentNumberScheduled: 0,
    numberMisscheduled: 0,
    desiredNumberScheduled: 0,
    numberReady: 0,
  };
  return { ...object, spec, status: object.status ?? counts };
}
