import { FEATURES, type Feature, type Right, rights } from '@/lib/kube/rights';
import { checksLost } from './matrix';

const HEAD = `<!-- Made by \`npm run docs:rbac -- --write\`; change lib/kube/resources.ts and lib/kube/rights.ts instead. -->

# Rights

What the dashboard may ask of the cluster, and what each right is good for. The table is made from the one that the watchers use, so it names all there is. Nothing is ever written: \`create\` stands only where Kubernetes calls a question a creation (access and token reviews, which store nothing). There are no wildcards, no \`impersonate\`, no \`nodes/proxy\`, no \`pods/exec\`.

Every right can be missing. Then \`coverage\` says so, with the rule that would help, and what depends on it is *unknown*: never fine, never broken. Tests start the whole program against an API server that enforces the chart’s own rules, once with all of them and once without each.

“Checks lost” are those whose own scenarios no longer show them without the right, found by running them.
`;

const SWITCH: Readonly<Partial<Record<Feature, string>>> = {
  core: 'always',
  secretsGet: '`secrets.mode=get`',
  secretsWatch: '`secrets.mode=watch`',
  accessReviews: '`auth.mode` other than `none`',
  tokenReviews: '`auth.mode=kubernetes`',
};

/** How the chart switches a feature, as Markdown. */
export const switchOf = (feature: Feature): string => SWITCH[feature] ?? `\`rbac.rules.${feature}\``;

const nameOf = ({ group, resource }: Right): string => (group === '' ? resource : `${resource}.${group}`);

function rowOf(right: Right): string {
  const told = right.coverage === null ? '' : `\`${right.coverage}\`: forbidden`;
  const lost = checksLost(right)
    .map((code) => `[${code}](checks/${code}.md)`)
    .join(', ');
  const cells = [
    `\`${nameOf(right)}\``,
    right.verbs.join(', '),
    right.namespaced ? '' : 'cluster',
    told,
    lost || 'none by itself',
  ];
  return `| ${cells.join(' | ')} |`;
}

function section(feature: Feature, all: readonly Right[]): string {
  const { does, without } = FEATURES[feature];
  return [
    `## ${feature}`,
    '',
    `${does} Switched by: ${switchOf(feature)}. Without it: ${without.charAt(0).toLowerCase()}${without.slice(1)}`,
    '',
    '| Right | Verbs | Scope | Coverage without it | Checks lost |',
    '| --- | --- | --- | --- | --- |',
    ...all.filter((right) => right.feature === feature).map(rowOf),
    '',
  ].join('\n');
}

/** docs/rbac.md: each right, what it is for and what is lost without it. */
export function rbacPage(): string {
  const all = rights();
  const used = Object.keys(FEATURES) as readonly Feature[];
  const sections = used
    .filter((feature) => all.some((right) => right.feature === feature))
    .map((feature) => section(feature, all));
  return `${[HEAD, ...sections].join('\n').trimEnd()}\n`;
}
