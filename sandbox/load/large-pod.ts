/* The pods of the large cluster. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Condition, Container, KubeObject, Labels } from '../controllers/shapes';
import type { App } from './large-plan';

interface Common {
  readonly spec: Record<string, unknown> & { containers: Container[] };
  readonly managedFields: readonly Record<string, unknown>[];
}

let common: Common | undefined;

/** What all pods share, from `large-pod.yaml`: one value, read once. */
export function commonPod(): Common {
  common ??= parse(readFileSync(join(import.meta.dirname, 'large-pod.yaml'), 'utf8')) as Common;
  return common;
}

/** The labels that charts put on everything. */
export function labelsOf(app: App): Labels {
  return {
    ...selectorOf(app),
    'app.kubernetes.io/part-of': app.namespace,
    'app.kubernetes.io/managed-by': 'Helm',
    'helm.sh/chart': `${app.name}-1.4.2`,
  };
}

/** What selects the application's pods. */
export function selectorOf(app: App): Labels {
  return { 'app.kubernetes.io/name': app.name, 'app.kubernetes.io/instance': app.name };
}

/** The application's pod-template-hash. */
export function hashOf(app: App): string {
  return `7d4f9c${(app.index % 100_000).toString().padStart(4, '0')}`;
}

function imageOf(app: App): string {
  return `registry.example.com/${app.namespace}/${app.name}:1.4.2`;
}

/** A pod spec, made once for an application and shared by its objects. */
export function podSpecOf(app: App): Record<string, unknown> {
  const { spec } = commonPod();
  return { ...spec, containers: spec.containers.map((container) => ({ ...container, image: imageOf(app) })) };
}

export interface PodInput {
  readonly app: App;
  readonly index: number;
  readonly nodeCount: number;
  readonly setUid: string;
  readonly setName: string;
  readonly time: string;
  readonly spec: Record<string, unknown>;
}

/** One pod: Running and ready, or crashing or unready where its application is broken. */
export function podOf(input: PodInput): KubeObject {
  const { app, index, setUid, setName, time } = input;
  const serial = app.index * 131 + index;
  const node = serial % input.nodeCount;
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: setName, uid: setUid };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${setName}-${suffixOf(serial)}`,
      generateName: `${setName}-`,
      namespace: app.namespace,
      labels: { ...labelsOf(app), 'pod-template-hash': hashOf(app) },
      annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090' },
      ownerReferences: [{ ...owner, controller: true, blockOwnerDeletion: true }],
      managedFields: commonPod().managedFields.map((entry) => ({ ...entry, time })),
    },
    spec: { ...input.spec, nodeName: `worker-${node + 1}` },
    status: podStatus(app, index, serial, node, time),
  };
}

function podStatus(app: App, index: number, serial: number, node: number, time: string): unknown {
  // Unique for every serial: the /16s from 10.64 on, 62,500 addresses each.
  const ip = `10.${64 + (Math.floor(serial / 62_500) % 64)}.${Math.floor(serial / 250) % 250}.${(serial % 250) + 2}`;
  const hostIP = `10.0.${Math.floor((node + 11) / 250)}.${(node + 11) % 250 || 1}`;
  const crashes = app.fault === 'crashloop';
  const ready = !crashes && !(app.fault === 'some-unready' && index === 0);
  const terminated = { exitCode: 1, reason: 'Error', startedAt: time, finishedAt: time };
  const message = 'back-off 5m0s restarting failed container=app';
  const container = {
    name: 'app',
    state: crashes ? { waiting: { reason: 'CrashLoopBackOff', message } } : { running: { startedAt: time } },
    lastState: crashes ? { terminated } : {},
    ready,
    restartCount: crashes ? 412 : 0,
    image: imageOf(app),
    imageID: `${imageOf(app).slice(0, -6)}@sha256:${'ab12'.repeat(16)}`,
    containerID: `containerd://${serial.toString(16).padStart(64, '0')}`,
    started: !crashes,
  };
  return {
    phase: 'Running',
    conditions: podConditions(ready, time),
    hostIP,
    hostIPs: [{ ip: hostIP }],
    podIP: ip,
    podIPs: [{ ip }],
    startTime: time,
    containerStatuses: [container],
    qosClass: 'Burstable',
  };
}

/** The conditions of a scheduled pod. */
export function podConditions(ready: boolean, time: string): Condition[] {
  const status = ready ? 'True' : 'False';
  const why = ready ? {} : { reason: 'ContainersNotReady', message: 'containers with unready status: [app]' };
  const since = { lastProbeTime: null, lastTransitionTime: time };
  return [
    { type: 'PodReadyToStartContainers', status: 'True', ...since },
    { type: 'Initialized', status: 'True', ...since },
    { type: 'Ready', status, ...why, ...since },
    { type: 'ContainersReady', status, ...why, ...since },
    { type: 'PodScheduled', status: 'True', ...since },
  ];
}

/** Five letters and digits, another for every number. */
export function suffixOf(serial: number): string {
  return (serial + 60_466_176).toString(36).slice(-5);
}
