/*
 * A large cluster for benchmarks, written straight into the storage. Static: nothing is simulated.
 * Objects are as fat as real ones; what pods of one workload have in common is one shared value, so
 * that memory grows with what differs.
 */
import type { Storage, KubeObject as StoredObject } from '../api/storage';
import { namespaceObject, nodeObject } from '../controllers/cluster-basics';
import type { KubeObject } from '../controllers/shapes';
import { controllerObjects } from './large-controller';
import { deploymentOf, ingressOf, replicaSetOf, serviceOf, sliceOf } from './large-objects';
import { type App, makePlan } from './large-plan';
import { podOf } from './large-pod';

export interface LargeSizes {
  readonly ingresses: number;
  readonly services: number;
  readonly pods: number;
  readonly namespaces: number;
  readonly seed: number;
}

export const DEFAULT_SIZES: LargeSizes = {
  ingresses: 500,
  services: 1000,
  pods: 5000,
  namespaces: 40,
  seed: 1,
};
const PODS_PER_NODE = 60;
const FIRST_VERSION = 2000;

/** Fills the storage; the same sizes and seed give the same cluster. */
export async function fillLarge(storage: Storage, sizes: Partial<LargeSizes> = {}): Promise<void> {
  const plan = makePlan({ ...DEFAULT_SIZES, ...sizes });
  const writer = new Writer(storage);
  const time = new Date(Date.now() - 86_400_000 * 3).toISOString().replace(/\.\d+Z$/, 'Z');
  for (const name of ['default', 'kube-system', ...plan.namespaces])
    writer.write('namespaces', namespaceObject(name), time);
  const nodeCount = Math.max(3, Math.ceil(plan.sizes.pods / PODS_PER_NODE));
  for (let index = 0; index < nodeCount; index++) writer.write('nodes', nodeObject(index, time), time);
  for (const [resource, object] of controllerObjects(storage, time)) writer.write(resource, object, time);
  for (const [index, app] of plan.apps.entries()) {
    writeApp(writer, app, time, nodeCount);
    // Lets a signal or a timer in between, some hundred objects apart.
    if (index % 200 === 199) await new Promise((resolve) => setImmediate(resolve));
  }
  for (const ingress of plan.ingresses) writer.write('ingresses.networking.k8s.io', ingressOf(ingress), time);
}

function writeApp(writer: Writer, app: App, time: string, nodeCount: number): void {
  if (app.fault !== 'service-missing') writer.write('services', serviceOf(app), time);
  if (app.pods === 0 && app.fault !== 'scaled-to-zero') {
    if (app.fault !== 'service-missing')
      writer.write('endpointslices.discovery.k8s.io', sliceOf(app, []), time);
    return;
  }
  const deployment = deploymentOf(app, time);
  const deploymentUid = writer.write('deployments.apps', deployment, time);
  const set = replicaSetOf(app, deploymentUid, deployment);
  const setUid = writer.write('replicasets.apps', set, time);
  const pods: KubeObject[] = [];
  const count = app.fault === 'scaled-to-zero' ? 0 : app.pods;
  for (let index = 0; index < count; index++) {
    const pod = podOf({
      app,
      index,
      nodeCount,
      setUid,
      setName: set.metadata.name,
      time,
      spec: deployment.spec.template.spec,
    });
    pod.metadata.uid = writer.write('pods', pod, time);
    pods.push(pod);
  }
  if (app.fault !== 'service-missing')
    writer.write('endpointslices.discovery.k8s.io', sliceOf(app, pods), time);
}

/** Writes raw objects with uids and versions of their own. */
class Writer {
  private version = FIRST_VERSION;
  private count = 0;

  constructor(private readonly storage: Storage) {}

  write(resource: string, object: KubeObject, time: string): string {
    this.count++;
    const uid = `00000000-0000-4000-8000-${this.count.toString(16).padStart(12, '0')}`;
    const metadata = {
      ...object.metadata,
      uid,
      creationTimestamp: time,
      resourceVersion: String(++this.version),
    };
    this.storage.create(resource, { ...object, metadata } as StoredObject, { raw: true });
    return uid;
  }
}
