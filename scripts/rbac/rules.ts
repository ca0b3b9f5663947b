import { stringify } from 'yaml';
import { type Feature, type Right, rights } from '@/lib/kube/rights';

/** A rule of a ClusterRole or Role, with what switches it. */
export interface ChartRule {
  readonly feature: Feature;
  readonly scope: 'namespaced' | 'cluster';
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const HEAD = `# Made by \`npm run docs:rbac -- --write\` from lib/kube/resources.ts and lib/kube/rights.ts: change those.
# The templates give a role those rules whose feature is on.
`;

/** Rights that differ by their resource alone make one rule. */
export function chartRules(all: readonly Right[] = rights()): readonly ChartRule[] {
  const rules = new Map<string, ChartRule & { readonly resources: string[] }>();
  for (const { feature, group, resource, verbs, namespaced } of all) {
    const scope = namespaced ? 'namespaced' : 'cluster';
    const key = [feature, scope, group, ...verbs].join(' ');
    const rule = rules.get(key) ?? { feature, scope, apiGroups: [group], resources: [], verbs };
    rules.set(key, rule);
    rule.resources.push(resource);
  }
  return [...rules.values()];
}

/** The file of the chart that its templates read. */
export function rulesFile(): string {
  return `${HEAD}${stringify({ rules: chartRules() }, { lineWidth: 0, aliasDuplicateObjects: false })}`;
}
