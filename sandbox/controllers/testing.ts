/* A cluster in memory for tests: controllers on virtual time, no sockets, no waiting. */
import { Admission } from '../api/admission/admission';
import { registerBuiltinKinds } from '../api/builtin-kinds';
import { GarbageCollector } from '../api/deletion';
import { Storage, type KubeObject as StoredObject } from '../api/storage';
import { Cluster } from './cluster';
import { createBasics } from './cluster-basics';
import { startControllers } from './index';
import { Scheduler } from './scheduler';
import type { Deployment, KubeObject, Pod, Service } from './shapes';

const START = Date.UTC(2026, 0, 1, 12);

export interface TestCluster {
  readonly cluster: Cluster;
  readonly storage: Storage;
  add: (resource: string, ...objects: KubeObject[]) => void;
  change: <T extends KubeObject>(
    resource: string,
    namespace: string,
    name: string,
    edit: (object: T) => void,
  ) => void;
  pass: (seconds: number) => void;
  /** Lets the garbage collector run, which works between two turns of the event loop. */
  collect: () => Promise<void>;
  close: () => void;
}

/** Starts the controllers on a virtual clock that only `pass` moves. */
export function startTestCluster(): TestCluster {
  const scheduler = new Scheduler(START, 1, (error) => {
    throw error;
  });
  const storage = new Storage({
    now: () => scheduler.now(),
    onListenerError: (error) => {
      throw error;
    },
  });
  registerBuiltinKinds(storage);
  const cluster = new Cluster(storage, scheduler);
  const admission = new Admission(storage);
  const collector = new GarbageCollector(storage, true);
  const stop = startControllers(cluster);
  createBasics(cluster);
  scheduler.advanceTo(START + 1000);
  return {
    cluster,
    storage,
    add: (resource, ...objects) => {
      for (const object of objects) {
        const info = storage.info(resource);
        if (info) storage.create(resource, admission.admit(info, structuredClone(object) as StoredObject));
      }
    },
    change: (resource, namespace, name, edit) => {
      const object = cluster.get<never>(resource, namespace, name);
      if (!object) throw new Error(`no ${resource} ${namespace}/${name}`);
      edit(object);
      cluster.update(resource, object as KubeObject, 'test');
    },
    pass: (seconds) => scheduler.advanceTo(scheduler.now() + seconds * 1000),
    collect: () => new Promise((resolve) => setImmediate(resolve)),
    close: () => {
      collector.stop();
      stop();
    },
  };
}

/** A Deployment of `replicas` pods with one container. */
export function deployment(
  name: string,
  replicas: number,
  more: Partial<Pod['spec']['containers'][0]> = {},
): Deployment {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name,
              image: `example.com/${name}:1.0`,
              ports: [{ name: 'http', containerPort: 8080 }],
              ...more,
            },
          ],
        },
      },
    },
  };
}

/** A Service for the pods of `deployment(name, …)`. */
export function service(
  name: string,
  port: Partial<NonNullable<Service['spec']['ports']>[0]> = {},
  more: Partial<Service['spec']> = {},
): Service {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: 'default' },
    spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 'http', ...port }], ...more },
  };
}
