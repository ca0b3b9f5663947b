import { hasFlag } from '@/lib/controllers/arguments';
import type { ControllerFacts } from '@/lib/diagnosis/controller-facts';
import type { Service } from '@/lib/kube/objects';
import type { WebhookConfiguration } from '@/lib/kube/policy-objects';
import { objectKey } from '@/lib/kube/refs';
import { matchesLabels } from '@/lib/kube/selectors';
import type { Reader } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';

export interface HookOf {
  readonly configuration: WebhookConfiguration;
  readonly service: Service | undefined;
}

/** The admission webhook of a controller: called for Ingresses, by a Service that leads to its pods. */
export function hookOf(read: Reader, { workload }: ControllerFacts): HookOf | null {
  for (const key of members(read, 'webhooks-of-ingresses', '')) {
    const configuration = object(read, 'validatingwebhookconfigurations', key);
    for (const { service: name } of configuration?.hooks ?? []) {
      if (!configuration || name?.namespace !== workload.namespace) continue;
      const service = object(read, 'services', objectKey(name.namespace, name.name));
      if (service?.selector && matchesLabels(service.selector, workload.templateLabels))
        return { configuration, service };
    }
  }
  return null;
}

/** Whether the admission webhook of ingress-nginx is served (`--validating-webhook`) or called. */
export function judgesIngresses(read: Reader, facts: ControllerFacts): boolean {
  return hasFlag(facts.args, 'validating-webhook') || hookOf(read, facts) !== null;
}
