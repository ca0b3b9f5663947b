import 'server-only';
import { resourceOf } from '@/lib/kube/resources';
import { verbsOf } from '@/lib/kube/rights';
import type { ResourceCoverage } from '@/lib/state/change';
import type { Coverage } from '@/lib/topology/model';

/** The coverage as clients see it: with what would help where something may not be read. */
export function withFix(coverage: ResourceCoverage, secrets: 'get' | 'watch' | 'off'): Coverage {
  return { ...coverage, fix: fixOf(coverage, secrets) };
}

function fixOf({ resource, state }: ResourceCoverage, secrets: 'get' | 'watch' | 'off'): string {
  if (state !== 'forbidden') return '';
  if (resource === 'secrets' && secrets === 'off') return 'Set ATLAS_SECRETS=get (or watch) and allow it.';
  const { group, resource: name } = resourceOf(resource);
  const verbs = verbsOf(resource, secrets);
  return [
    '# ClusterRole (or Role) of the dashboard: add to its rules',
    `- apiGroups: ["${group}"]`,
    `  resources: ["${name}"]`,
    `  verbs: [${verbs.map((verb) => `"${verb}"`).join(', ')}]`,
  ].join('\n');
}
