/** Actions of ALB Ingresses: a backend with port `use-annotation` names an annotation, no Service (CHECKS trap 10). */
import type { Ingress } from '@/lib/kube/objects';
import type { Status } from '@/lib/topology/model';
import type { Rule } from '@/lib/topology/rules';

const PORT = 'use-annotation';

/** What an action does with the rule's requests; null where the backend is a real Service. */
export function albAction(
  ingress: Ingress,
  rule: Rule,
  type: string | undefined,
): { readonly status: Status; readonly reason: string } | null {
  if (rule.port !== PORT || rule.backend?.type !== 'service' || (type !== 'aws-alb' && type !== undefined))
    return null;
  const { name } = rule.backend;
  const annotation = ingress.annotations[`alb.ingress.kubernetes.io/actions.${name}`];
  if (annotation === undefined)
    return {
      status: 'unknown',
      reason: `the ALB action ${name} is defined by no annotation of this Ingress`,
    };
  const answered = /"type"\s*:\s*"(redirect|fixed-response)"/i.exec(annotation);
  return answered
    ? { status: 'ok', reason: `the load balancer answers by itself (${answered[1]})` }
    : { status: 'unknown', reason: `the ALB action ${name} is not followed` };
}
