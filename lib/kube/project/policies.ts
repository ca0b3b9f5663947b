import type {
  HorizontalPodAutoscaler,
  PodDisruptionBudget,
  WebhookConfiguration,
} from '@/lib/kube/policy-objects';
import type { Interner } from './interner';
import { optionalSelector } from './label-selector';
import { meta } from './meta';
import { list, numberOr, type Raw, record, text, texts } from './raw';

/** A PodDisruptionBudget. */
export function projectDisruptionBudget(raw: Raw, interner: Interner): PodDisruptionBudget | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const status = record(raw.status);
  return {
    ...common,
    selector: optionalSelector(spec.selector, interner),
    minAvailable: text(spec.minAvailable),
    maxUnavailable: text(spec.maxUnavailable),
    disruptionsAllowed: numberOr(status.disruptionsAllowed, 0),
    expectedPods: numberOr(status.expectedPods, 0),
  };
}

/** A HorizontalPodAutoscaler: whom it scales, and between which numbers (absent minimum: 1). */
export function projectAutoscaler(raw: Raw, interner: Interner): HorizontalPodAutoscaler | null {
  const common = meta(raw, interner);
  if (common === null) return null;
  const spec = record(raw.spec);
  const target = record(spec.scaleTargetRef);
  return {
    ...common,
    target: { kind: text(target.kind), name: text(target.name) },
    min: numberOr(spec.minReplicas, 1),
    max: numberOr(spec.maxReplicas, 1),
  };
}

function hook(entry: unknown): WebhookConfiguration['hooks'][number] {
  const raw = record(entry);
  const client = record(raw.clientConfig);
  const service = record(client.service);
  const resources = list(raw.rules).flatMap((rule) => {
    const { apiGroups, resources: names } = record(rule);
    return texts(names).flatMap((name) => list(apiGroups).map((group) => `${text(group)}/${name}`));
  });
  return {
    name: text(raw.name),
    failurePolicy: text(raw.failurePolicy) || 'Fail',
    service:
      text(service.name) === ''
        ? null
        : {
            namespace: text(service.namespace),
            name: text(service.name),
            port: numberOr(service.port, 443),
          },
    hasCaBundle: text(client.caBundle) !== '',
    resources,
  };
}

/** A ValidatingWebhookConfiguration. */
export function projectWebhooks(raw: Raw, interner: Interner): WebhookConfiguration | null {
  const common = meta(raw, interner);
  return common === null ? null : { ...common, hooks: list(raw.webhooks).map(hook) };
}
