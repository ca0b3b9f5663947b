/** Question 9: is the TLS Secret valid for the host. */

import type { RuleDetail } from '@/lib/topology/details';
import type { Graph } from '@/lib/topology/graph';
import { anyCovers } from '@/lib/topology/host-names';
import type { Evidence, Finding, TopologyNode } from '@/lib/topology/model';
import { type Answer, type ChecklistContext, verdictOf } from './answer';
import { detailOf } from './find-rule';

const DAY_MS = 86_400_000;

/** `2026-03-01` of a time. */
function day(time: string | null): string {
  return (time ?? '').slice(0, 10);
}

type Tls = NonNullable<RuleDetail['tls']>;

export function tlsValid(graph: Graph, host: string, rule: TopologyNode, context: ChecklistContext): Answer {
  const bearer = tlsBearer(graph, rule);
  const judged = verdictOf(faultsOf(graph, bearer ?? rule));
  if (judged) return judged;
  if (!bearer) {
    return {
      verdict: 'pass',
      detail: 'no TLS Secret is configured for this host: nothing to be wrong with it',
      evidence: [fact(rule, 'spec.tls', 'no entry with a Secret for this host', context)],
    };
  }
  return certificate(host, bearer, detailOf(bearer).tls as Tls, context);
}

/** Not yet over, weak or not renewed is still valid. */
const STILL_VALID = /^(certmanager-|tls-cert-expiring$|tls-weak-)/;

/** What is wrong with the certificate now; risks harm nobody. */
function faultsOf(graph: Graph, { findings }: TopologyNode): readonly Finding[] {
  return findings.flatMap((id) => {
    const finding = graph.findings.get(id);
    const counts = finding?.hop === 'tls' && finding.impact === 'traffic' && !STILL_VALID.test(finding.code);
    return finding && counts ? [finding] : [];
  });
}

/** The certificate belongs to the host: another rule of the same host may bring it. */
function tlsBearer(graph: Graph, rule: TopologyNode): TopologyNode | null {
  if (detailOf(rule).tls) return rule;
  const { host } = detailOf(rule);
  const others = [...graph.nodes.values()].filter(
    (node) => node.kind === 'rule' && detailOf(node).host === host && detailOf(node).tls,
  );
  return others.sort((a, b) => (a.id < b.id ? -1 : 1))[0] ?? null;
}

function certificate(host: string, rule: TopologyNode, tls: Tls, context: ChecklistContext): Answer {
  const evidence = [fact(rule, 'spec.tls[].secretName', tls.secret, context)];
  const until = tls.notAfter === null ? Number.NaN : Date.parse(tls.notAfter);
  if (Number.isNaN(until)) {
    return {
      verdict: 'unknown',
      detail: `whether Secret ${tls.secret} holds a valid certificate is not known: its contents have not been read`,
      evidence,
    };
  }
  const dated = [
    ...evidence,
    { ref: null, path: 'tls.crt notAfter', value: tls.notAfter ?? '', at: context.takenAt },
  ];
  if (until <= context.now) {
    return {
      verdict: 'fail',
      detail: `the certificate in Secret ${tls.secret} expired on ${day(tls.notAfter)}`,
      evidence: dated,
    };
  }
  const days = Math.floor((until - context.now) / DAY_MS);
  const valid = `the certificate in Secret ${tls.secret} is valid until ${day(tls.notAfter)} (${days} days)`;
  const names = tls.names ?? [];
  const said = names.join(', ') || 'nobody';
  const named = [
    ...dated,
    { ref: null, path: 'tls.crt names', value: said, at: context.takenAt },
    { ref: null, path: 'tls.crt issuer', value: tls.issuer ?? '', at: context.takenAt },
  ];
  if (host === '') return { verdict: 'pass', detail: valid, evidence: named };
  return anyCovers(names, host)
    ? { verdict: 'pass', detail: `${valid} and covers ${host}`, evidence: named }
    : {
        verdict: 'fail',
        detail: `the certificate in Secret ${tls.secret} does not cover ${host}: it names ${said}`,
        evidence: named,
      };
}

function fact(node: TopologyNode, path: string, value: string, context: ChecklistContext): Evidence {
  return { ref: node.ref ?? null, path, value, at: context.takenAt };
}
