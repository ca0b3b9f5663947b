import type { Workload } from '@/lib/kube/objects';
import { condition, workloadContainers } from './containers';
import { lastEdit } from './edit';
import type { Interner } from './interner';
import { labelSelector } from './label-selector';
import { labels, meta } from './meta';
import { flag, list, numberOr, type Raw, record, text } from './raw';

interface Counts {
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly updatedReplicas: number;
}

/** A DaemonSet has no spec.replicas: the scheduler's wish is in its status. Elsewhere an absent number means one. */
function counts(kind: Workload['kind'], spec: Raw, status: Raw): Counts {
  if (kind === 'DaemonSet') {
    return {
      replicas: numberOr(status.desiredNumberScheduled, 0),
      readyReplicas: numberOr(status.numberReady, 0),
      updatedReplicas: numberOr(status.updatedNumberScheduled, 0),
    };
  }
  return {
    replicas: numberOr(spec.replicas, 1),
    readyReplicas: numberOr(status.readyReplicas, 0),
    updatedReplicas: numberOr(status.updatedReplicas, 0),
  };
}

function spreads(podSpec: Raw): boolean {
  const keepsApart = record(record(podSpec.affinity).podAntiAffinity);
  return list(podSpec.topologySpreadConstraints).length > 0 || Object.keys(keepsApart).length > 0;
}

/** Names of the ConfigMaps that pods cannot start without. */
function configMaps(podSpec: Raw): readonly string[] {
  const containers = [...list(podSpec.initContainers), ...list(podSpec.containers)].map(record);
  const sources: Raw[] = [
    ...list(podSpec.volumes).map((volume) => record(record(volume).configMap)),
    ...containers.flatMap(({ envFrom }) => list(envFrom).map((from) => record(record(from).configMapRef))),
    ...containers.flatMap(({ env }) =>
      list(env).map((variable) => record(record(record(variable).valueFrom).configMapKeyRef)),
    ),
  ];
  const names = sources.filter(({ optional }) => !flag(optional)).map(({ name }) => text(name));
  return [...new Set(names.filter((name) => name !== ''))].sort();
}

/** A projection of Deployments, StatefulSets or DaemonSets. */
export function workloadProjection(
  kind: Workload['kind'],
): (raw: Raw, interner: Interner) => Workload | null {
  return (raw, interner) => {
    const common = meta(raw, interner);
    if (common === null) return null;
    const spec = record(raw.spec);
    const status = record(raw.status);
    const template = record(spec.template);
    const podSpec = record(template.spec);
    const { replicas, readyReplicas, updatedReplicas } = counts(kind, spec, status);
    // Written out: a spread puts the fields outside the object, and there are 10,000 of these.
    return {
      namespace: common.namespace,
      name: common.name,
      uid: common.uid,
      created: common.created,
      deleting: common.deleting,
      labels: common.labels,
      annotations: common.annotations,
      owner: common.owner,
      kind,
      generation: numberOr(record(raw.metadata).generation, 0),
      observedGeneration: numberOr(status.observedGeneration, 0),
      replicas,
      readyReplicas,
      updatedReplicas,
      selector: labelSelector(spec.selector, interner),
      templateLabels: labels(record(template.metadata).labels, interner, 'template', common.labels),
      hostNetwork: flag(podSpec.hostNetwork),
      serviceAccount: interner.text(text(podSpec.serviceAccountName) || text(podSpec.serviceAccount)),
      containers: workloadContainers(podSpec, interner),
      conditions: list(status.conditions).map((entry) => condition(entry, interner)),
      spreads: spreads(podSpec),
      configMaps: configMaps(podSpec),
      edited: lastEdit(raw, interner),
    };
  };
}
