/* Deployment: one ReplicaSet for each template, revisions, rolling update, rollback. */
import { isDeepStrictEqual } from 'node:util';
import {
  type Cluster,
  type ControllerDefinition,
  controlledBy,
  isControlledBy,
  keyOf,
  own,
  ownerKey,
  SANDBOX_PREFIX,
} from './cluster';
import { planRollout } from './deployment-plan';
import { deploymentStatus, progressDeadlineMs } from './deployment-status';
import { templateHash } from './hashing';
import type { Deployment, PodTemplate, ReplicaSet } from './shapes';
import { podsOf } from './workload-pods';

const RESOURCE = 'deployments.apps';
const SETS = 'replicasets.apps';
const REVISION = 'deployment.kubernetes.io/revision';
const HASH_LABEL = 'pod-template-hash';

/** Keeps the ReplicaSets and the status of every Deployment. */
export const deploymentController: ControllerDefinition = {
  name: 'deployment',
  watches: {
    [RESOURCE]: own,
    [SETS]: ownerKey('Deployment'),
    // Recreate waits until the last old pod is gone, which no ReplicaSet's status tells.
    pods: (event, cluster) =>
      event.type === 'DELETED' ? deploymentOfPod(event.object as never, cluster) : [],
  },
  reconcile(cluster, namespace, name) {
    const deployment = cluster.get<Deployment>(RESOURCE, namespace, name);
    if (!deployment || deployment.metadata.deletionTimestamp) return;
    const current = ensureCurrent(cluster, deployment);
    const old = setsOf(cluster, deployment).filter((set) => set.metadata.name !== current?.metadata.name);
    if (current) roll(cluster, deployment, current, old);
    trimHistory(cluster, deployment, old);
    writeStatus(cluster, deployment, current?.metadata.name);
  },
};

function deploymentOfPod(pod: ReplicaSet, cluster: Cluster): readonly string[] {
  const owner = pod.metadata.ownerReferences?.find((reference) => reference.kind === 'ReplicaSet');
  const set = owner && cluster.storage.get(SETS, pod.metadata.namespace, owner.name);
  const parent = set?.metadata.ownerReferences?.find((reference) => reference.kind === 'Deployment');
  return parent ? [`${pod.metadata.namespace}/${parent.name}`] : [];
}

function setsOf(cluster: Cluster, deployment: Deployment): ReplicaSet[] {
  const sets = cluster.list<ReplicaSet>(SETS, deployment.metadata.namespace);
  return sets.filter((set) => isControlledBy(set, deployment)).sort((a, b) => revisionOf(a) - revisionOf(b));
}

function revisionOf(object: { metadata: { annotations?: Record<string, string> } }): number {
  return Number(object.metadata.annotations?.[REVISION] ?? 0);
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  // kubectl sends `creationTimestamp: null` along when it rolls back.
  const { creationTimestamp: _none, ...metadata } = template.metadata ?? {};
  return { ...template, metadata: { ...metadata, labels } };
}

/** The ReplicaSet of the Deployment's template, made if need be; it always has the highest revision. */
function ensureCurrent(cluster: Cluster, deployment: Deployment): ReplicaSet | undefined {
  const sets = setsOf(cluster, deployment);
  const wanted = withoutHash(deployment.spec.template);
  const highest = Math.max(0, ...sets.map(revisionOf));
  const found = sets.find((set) => isDeepStrictEqual(withoutHash(set.spec.template), wanted));
  if (!found && deployment.spec.paused && sets.length > 0) return undefined;
  const revision = found && revisionOf(found) === highest ? highest : highest + 1;
  if (found && revision !== highest) {
    const copy = structuredClone(found);
    copy.metadata.annotations = { ...copy.metadata.annotations, [REVISION]: String(revision) };
    cluster.update(SETS, copy);
  }
  const current = found ?? createSet(cluster, deployment, wanted, revision);
  if (current && deployment.metadata.annotations?.[REVISION] !== String(revision)) {
    deployment.metadata.annotations = { ...deployment.metadata.annotations, [REVISION]: String(revision) };
    cluster.update(RESOURCE, deployment);
  }
  return current;
}

function createSet(
  cluster: Cluster,
  deployment: Deployment,
  wanted: PodTemplate,
  revision: number,
): ReplicaSet {
  const { namespace, name } = deployment.metadata;
  const hash = templateHash(wanted);
  const labels = { ...wanted.metadata?.labels, [HASH_LABEL]: hash };
  const own_ = Object.entries(deployment.metadata.annotations ?? {});
  const annotations = Object.fromEntries(
    own_.filter(([key]) => !key.startsWith(SANDBOX_PREFIX) && !key.startsWith('kubectl.kubernetes.io/last-')),
  );
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels,
      annotations: {
        ...annotations,
        [REVISION]: String(revision),
        'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas ?? 1),
      },
      ownerReferences: controlledBy(deployment, 'apps/v1', 'Deployment'),
    },
    spec: {
      replicas: 0,
      selector: {
        ...deployment.spec.selector,
        matchLabels: { ...deployment.spec.selector.matchLabels, [HASH_LABEL]: hash },
      },
      template: { ...structuredClone(wanted), metadata: { ...wanted.metadata, labels } },
    },
    status: { replicas: 0 },
  };
  if (!cluster.storage.get(SETS, namespace, set.metadata.name)) cluster.create(SETS, set);
  return cluster.get<ReplicaSet>(SETS, namespace, set.metadata.name) ?? set;
}

function roll(
  cluster: Cluster,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const desired = deployment.spec.replicas ?? 1;
  const available = (set: ReplicaSet): number =>
    Math.min(set.status?.availableReplicas ?? 0, set.spec.replicas ?? 0);
  const plan = planRollout(deployment.spec, {
    desired,
    newSize: current.spec.replicas ?? 0,
    newAvailable: available(current),
    old: old.map((set) => ({
      name: set.metadata.name,
      size: set.spec.replicas ?? 0,
      available: available(set),
    })),
    oldPods: old.reduce((count, set) => count + podsOf(cluster, set).length, 0),
  });
  resize(cluster, deployment, current, plan.newSize);
  for (const set of old) resize(cluster, deployment, set, plan.oldSizes.get(set.metadata.name) ?? 0);
}

function resize(cluster: Cluster, deployment: Deployment, set: ReplicaSet, size: number): void {
  const before = set.spec.replicas ?? 0;
  if (before === size) return;
  const copy = cluster.get<ReplicaSet>(SETS, set.metadata.namespace, set.metadata.name);
  if (!copy) return;
  copy.spec.replicas = size;
  cluster.update(SETS, copy);
  const verb = size > before ? 'up' : 'down';
  const message = `Scaled ${verb} replica set ${set.metadata.name} from ${before} to ${size}`;
  cluster.event({
    about: deployment,
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    component: 'deployment-controller',
    reason: 'ScalingReplicaSet',
    message,
  });
}

function trimHistory(cluster: Cluster, deployment: Deployment, old: readonly ReplicaSet[]): void {
  const idle = old.filter((set) => !set.spec.replicas && !set.status?.replicas);
  const surplus = idle.length - (deployment.spec.revisionHistoryLimit ?? 10);
  for (const set of idle.slice(0, Math.max(0, surplus)))
    cluster.remove(SETS, set.metadata.namespace, set.metadata.name);
}

function writeStatus(cluster: Cluster, deployment: Deployment, currentName: string | undefined): void {
  const fresh = cluster.get<Deployment>(RESOURCE, deployment.metadata.namespace, deployment.metadata.name);
  if (!fresh) return;
  const sets = setsOf(cluster, fresh);
  const current = sets.find((set) => set.metadata.name === currentName);
  fresh.status = deploymentStatus(fresh, sets, current, cluster.scheduler.now());
  cluster.updateStatus(RESOURCE, fresh);
  const wait = progressDeadlineMs(fresh, cluster.scheduler.now());
  if (wait === undefined) return;
  const [namespace = '', name = ''] = keyOf(fresh).split('/');
  cluster.scheduler.once(`deadline ${fresh.metadata.uid}`, wait, () =>
    deploymentController.reconcile(cluster, namespace, name),
  );
}
