import type { Check, IngressUnit } from '@/lib/diagnosis/check';

/** Of checks that depend on the product: where nobody serves the Ingress for certain, no controller is claimed to. */
export function served(run: Check<IngressUnit>['run']): Check<IngressUnit>['run'] {
  return (read, unit) =>
    run(read, unit.served.controllers.length > 0 ? unit : { ...unit, controller: undefined });
}
