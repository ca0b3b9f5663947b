import type { ScaledObject } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { meta } from './meta';
import { numberOr, type Raw, record, text } from './raw';

/** A KEDA ScaledObject; by its reference the target is a Deployment and the least number 0 where not said. */
export function projectScaledObject(raw: Raw, interner: Interner): ScaledObject | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const target = record(spec.scaleTargetRef);
  return {
    ...common,
    target: { kind: text(target.kind) || 'Deployment', name: text(target.name) },
    minReplicas: numberOr(spec.minReplicaCount, 0),
  };
}
