import type { ControllerType } from '@/lib/controllers/types';
import type { Lead } from '@/lib/diagnosis/backend-judgement';
import { judgeSecret, type SecretJudgement } from '@/lib/diagnosis/checks/tls-secret';
import { type Draft, isoTime } from '@/lib/diagnosis/draft';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { RuleDetail } from '@/lib/topology/details';
import { secretId } from '@/lib/topology/ids';
import type { Status, TopologyEdge, TopologyNode } from '@/lib/topology/model';
import { object } from '@/lib/topology/reads';
import type { Rule } from '@/lib/topology/rules';
import { worse } from '@/lib/topology/status';
import { edge, node } from './parts';

export interface TlsJudgement {
  readonly nodes: readonly TopologyNode[];
  readonly edges: readonly TopologyEdge[];
  readonly drafts: readonly Draft[];
  /** What TLS makes of a rule: https clients alone are harmed, so at worst degraded unless TLS is refused. */
  ruleStatus(rule: Rule): Status;
  ruleDetail(rule: Rule): RuleDetail['tls'];
  ruleFindings(rule: Rule): readonly string[];
}

interface Entry {
  readonly secretName: string;
  readonly hosts: readonly string[];
  readonly rules: readonly Rule[];
  readonly judged: SecretJudgement;
}

/** The TLS entries of an Ingress, judged and drawn: a missing Secret is a ghost hung on each of its rules. */
export function tlsParts(read: Reader, ingress: Ingress, rules: readonly Rule[], lead: Lead): TlsJudgement {
  const named = heldElsewhere(ingress, lead.type)
    ? []
    : ingress.tls.filter((entry) => entry.secretName !== '');
  const entries = named.map((entry): Entry => {
    const own = rules.filter((rule) => !rule.isDefault && covers(entry.hosts, rule.host));
    // A host that no rule names is served by whatever the Ingress has: its default backend, or nothing of its own.
    const covered = own.length > 0 ? own : rules;
    return {
      secretName: entry.secretName,
      hosts: entry.hosts,
      rules: covered,
      judged: judgeSecret(read, ingress, entry.secretName, entry.hosts, lead.answers),
    };
  });
  const byRule = new Map<Rule, Entry[]>();
  for (const entry of entries)
    for (const rule of entry.rules) byRule.set(rule, [...(byRule.get(rule) ?? []), entry]);
  const of = (rule: Rule): readonly Entry[] => byRule.get(rule) ?? [];
  // A Secret is drawn only when it is missing; else it is a badge of its rule.
  const ghosts = entries.filter((entry) => entry.judged.state === 'missing');
  return {
    nodes: ghosts.map((entry) => secretNode(ingress, entry)),
    edges: ghosts.flatMap((entry) => entry.rules.map((rule) => secretEdge(ingress, entry, rule))),
    drafts: entries.flatMap((entry) =>
      entry.judged.draft ? [withRules(entry.judged.draft, entry.rules)] : [],
    ),
    ruleStatus: (rule) =>
      of(rule).reduce<Status>((status, entry) => worse(status, ruleStatusOf(entry.judged)), 'ok'),
    ruleDetail: (rule) => detailOf(read, ingress, of(rule)[0]),
    ruleFindings: (rule) => of(rule).flatMap((entry) => (entry.judged.draft ? [entry.judged.draft.id] : [])),
  };
}

const HELD_BY_ANNOTATION: Readonly<Partial<Record<ControllerType, readonly string[]>>> = {
  gce: ['networking.gke.io/managed-certificates', 'ingress.gcp.kubernetes.io/pre-shared-cert'],
  agic: ['appgw.ingress.kubernetes.io/appgw-ssl-certificate'],
};

/** Whether TLS ends where certificates are held outside the cluster: Secrets mean nothing there (TRUTH "TLS"). */
function heldElsewhere(ingress: Ingress, type: ControllerType | undefined): boolean {
  if (type === 'aws-alb') return true;
  return (type ? (HELD_BY_ANNOTATION[type] ?? []) : []).some((key) => ingress.annotations[key] !== undefined);
}

/** Not being allowed to read a certificate says nothing about whether the rule works over http. */
function ruleStatusOf(judged: SecretJudgement): Status {
  if (judged.state === 'unknown') return 'ok';
  return judged.status;
}

function withRules(draft: Draft, rules: readonly Rule[]): Draft {
  return draft.state === 'unknown' ? draft : { ...draft, affects: affected(rules, null) };
}

/** Whether a TLS entry names a host: equal, or a wildcard for exactly one label; no hosts means the controller's wildcard. */
function covers(hosts: readonly string[], host: string): boolean {
  if (hosts.length === 0) return true;
  const name = host.toLowerCase();
  const parent = name.slice(name.indexOf('.'));
  return hosts.some(
    (entry) =>
      entry.toLowerCase() === name ||
      (entry.startsWith('*.') && entry.slice(1).toLowerCase() === parent && name.includes('.')),
  );
}

function secretNode(ingress: Ingress, { secretName, judged }: Entry): TopologyNode {
  return node({
    id: secretId(ingress.namespace, secretName),
    kind: 'secret',
    name: secretName,
    namespace: ingress.namespace,
    status: 'broken',
    ref: refOf('secrets', ingress.namespace, secretName),
    findings: judged.draft ? [judged.draft.id] : [],
    detail: { ghost: true, reason: `Secret not found in ${ingress.namespace}` },
  });
}

function secretEdge(ingress: Ingress, { secretName, judged }: Entry, rule: Rule): TopologyEdge {
  return edge({
    source: rule.id,
    target: secretId(ingress.namespace, secretName),
    kind: 'terminates',
    status: 'broken',
    basis: 'declared',
    label: 'not found',
    findings: judged.draft ? [judged.draft.id] : [],
  });
}

function detailOf(read: Reader, ingress: Ingress, entry: Entry | undefined): RuleDetail['tls'] {
  if (!entry) return null;
  const notAfter = object(read, 'secrets', objectKey(ingress.namespace, entry.secretName))?.certificate
    ?.notAfter;
  return { secret: entry.secretName, notAfter: notAfter === undefined ? null : isoTime(notAfter) };
}
