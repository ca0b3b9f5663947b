/** Ingresses that share one ALB (`group.name`), and what they must agree on (SEMANTICS 2.7, v3.5). */
import type { Ingress } from '@/lib/kube/objects';
import type { Query } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';
import { leadController } from './lead-controller';

export const ALB = 'alb.ingress.kubernetes.io/';

/** Annotations of which a load balancer has one value: members that set them must set the same. */
const EXCLUSIVE = [
  'scheme',
  'subnets',
  'security-groups',
  'ip-address-type',
  'load-balancer-name',
  'waf-acl-id',
  'wafv2-acl-arn',
  'shield-advanced-protection',
];

export interface GroupConflict {
  readonly annotation: string;
  /** Member (`NS/NAME`) and what it says, sorted by member; one for each different value. */
  readonly values: readonly { readonly member: string; readonly value: string }[];
}

export interface AlbGroup {
  readonly members: readonly string[];
  readonly conflicts: readonly GroupConflict[];
}

/** Lists are sets: their order says nothing. */
function normal(value: string): string {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .sort()
    .join(',');
}

function conflictOf(
  annotation: string,
  all: readonly (readonly [string, Ingress])[],
): readonly GroupConflict[] {
  const values = new Map<string, string>();
  for (const [member, { annotations }] of all) {
    const value = annotations[`${ALB}${annotation}`];
    if (value !== undefined && !values.has(normal(value))) values.set(normal(value), member);
  }
  if (values.size < 2) return [];
  return [{ annotation, values: [...values].map(([value, member]) => ({ member, value })) }];
}

/** One group by its name; only Ingresses that the load balancer controller serves are members. */
export const albGroup: Query<AlbGroup> = {
  name: 'alb-group',
  level: 5,
  compute: (read, group) => {
    const all = members(read, 'ingresses-by-alb-group', group).flatMap((key) => {
      const ingress = object(read, 'ingresses', key);
      const counts = ingress && ingress.deleting === null && leadController(read, key)?.type === 'aws-alb';
      return counts ? [[key, ingress] as const] : [];
    });
    return {
      members: all.map(([key]) => key),
      conflicts: EXCLUSIVE.flatMap((annotation) => conflictOf(annotation, all)),
    };
  },
};
