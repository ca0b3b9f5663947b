/** Groups of the AWS Load Balancer Controller (SEMANTICS 2.7, v3.5). */
import { ALB, albGroup } from '@/lib/diagnosis/alb-group';
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { object } from '@/lib/topology/reads';
import { ingressRef, listed } from './ingress-parts';

/**
 * `rule-alb-group-conflict`: told once for the group, harming all its members. Until the first reconciliation there is no
 * load balancer; afterwards the old configuration stays: degraded.
 */
export function albGroupConflict(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const name = ingress.annotations[`${ALB}group.name`];
  if (controller?.type !== 'aws-alb' || !name) return [];
  const group = read.query(albGroup, name);
  const first = group.conflicts[0];
  if (!first) return [];
  const live = ingress.addresses.length > 0;
  const lead = splitKey(group.members[0] ?? '');
  const subject = refOf(
    'ingresses',
    lead.namespace,
    lead.name,
    object(read, 'ingresses', group.members[0] ?? '')?.uid,
  );
  const words = first.values.map(({ member, value }) => `${member} says ${value || 'nothing'}`);
  const found = draft({
    code: 'rule-alb-group-conflict',
    severity: live ? 'degraded' : 'broken',
    hop: 'rule',
    subject,
    discriminator: name,
    related: [ingressRef(ingress)],
    holdMs: OBJECT_HOLD_MS,
    title: `Members of ALB group ${name} disagree on ${first.annotation}`,
    detail: `${first.annotation}: ${listed(words)}; the controller carries out none of the group's changes${live ? ', and what was there before stays' : ''}`,
    evidence: first.values.slice(0, 5).map(({ member, value }) => {
      const { namespace, name: own } = splitKey(member);
      return evidence(
        refOf('ingresses', namespace, own),
        `metadata.annotations[${ALB}${first.annotation}]`,
        value,
      );
    }),
    fix: {
      summary: `Say ${first.annotation} once: in one member, in all alike, or in the IngressClassParams of the class.`,
      look: first.values.slice(0, 3).map(({ member }) => {
        const { namespace, name: own } = splitKey(member);
        return sh`kubectl -n ${namespace} get ingress ${own} -o yaml`;
      }),
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found, status: live ? 'degraded' : 'broken' }];
}
