import type { LabelSelector, Workload } from '@/lib/kube/objects';
import { condition, workloadContainers } from './containers';
import type { Interner } from './interner';
import { labels, meta } from './meta';
import { flag, list, numberOr, type Raw, record, text, texts } from './raw';

const NONE: readonly never[] = Object.freeze([]);

function selector(value: unknown, interner: Interner): LabelSelector {
  const raw = record(value);
  const expressions = list(raw.matchExpressions).map((entry) => {
    const expression = record(entry);
    return {
      key: text(expression.key),
      operator: text(expression.operator),
      values: texts(expression.values),
    };
  });
  return {
    matchLabels: labels(raw.matchLabels, interner),
    matchExpressions: expressions.length === 0 ? NONE : expressions,
  };
}

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
    return {
      ...common,
      kind,
      generation: numberOr(record(raw.metadata).generation, 0),
      observedGeneration: numberOr(status.observedGeneration, 0),
      ...counts(kind, spec, status),
      selector: selector(spec.selector, interner),
      templateLabels: labels(record(template.metadata).labels, interner),
      hostNetwork: flag(podSpec.hostNetwork),
      serviceAccount: text(podSpec.serviceAccountName) || text(podSpec.serviceAccount),
      containers: workloadContainers(podSpec, interner),
      conditions: list(status.conditions).map((entry) => condition(entry, interner)),
    };
  };
}
