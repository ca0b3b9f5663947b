/** Whom the findings of a Service harm: the rules that use the ailing port, or its own way in. */

import { portOf } from '@/lib/diagnosis/backend-judgement';
import { canaryOf, ofCanary } from '@/lib/diagnosis/canary';
import type { Draft } from '@/lib/diagnosis/draft';
import { leadAnswers, leadController } from '@/lib/diagnosis/lead-controller';
import type { PortHealth, ServiceHealth } from '@/lib/diagnosis/service-health';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Service } from '@/lib/kube/objects';
import type { Reader } from '@/lib/state/cells';
import type { HostRule } from '@/lib/topology/hosts';
import { hostId, serviceId } from '@/lib/topology/ids';
import { serviceHosts } from '@/lib/topology/indexes';
import type { Affected } from '@/lib/topology/model';
import { addressOf, type Rule } from '@/lib/topology/rules';

/** One rule that leads to a port of the Service. */
interface Use {
  readonly rule: Rule;
  readonly port: PortHealth;
  readonly canary: string | null;
  /** What a user gets there while nobody is ready; null where it is not known. */
  readonly answer: number | null;
  /** Whether the controller stops at endpoints that are not ready, though they still serve. */
  readonly readyOnly: boolean;
}

export interface Harm {
  readonly service: Service;
  readonly uses: readonly Use[];
  /** The Service's own entries, where it is exposed directly. */
  readonly direct: readonly Affected[];
}

/** The port of a Service that a rule means, by target port too where some controllers tolerate that. */
export function portOfRule(health: ServiceHealth, rule: Rule): PortHealth | undefined {
  return (
    portOf(health, rule.port) ?? health.ports.find((port) => String(port.targetPort) === String(rule.port))
  );
}

/** Everybody who uses a Service. */
export function harmOf(
  read: Reader,
  service: Service,
  health: ServiceHealth,
  live: readonly HostRule[],
  direct: boolean,
): Harm {
  const uses = live.flatMap(({ ingress, rule }): Use[] => {
    const port = portOfRule(health, rule);
    if (!port) return [];
    const answers = leadAnswers(leadController(read, ingress));
    const answer = health.publishesUnready ? null : (answers?.noEndpoints ?? null);
    const readyOnly = answers?.endpointsUse === 'ready';
    return [{ rule, port, canary: canaryOf(read, ingress), answer, readyOnly }];
  });
  return { service, uses, direct: direct ? directEntries(service) : [] };
}

/** A Service's own entries, as findings name them. */
export function directEntries(service: Service): readonly Affected[] {
  const hosts = serviceHosts(service);
  const rule = serviceId(service.namespace, service.name);
  return (hosts.length > 0 ? hosts : ['']).map((host) => ({ host: hostId(host), rule, answer: null }));
}

/** Whether all who use the Service are canaries: then a share is lost, no site. */
export function onlyCanaries({ uses, direct }: Harm): boolean {
  return direct.length === 0 && uses.length > 0 && uses.every((use) => use.canary !== null);
}

/** A finding with whom it harms. Symptoms are titled by what a user gets; what explains them keeps its own title. */
export function withHarm(found: Draft, harm: Harm, isCause: boolean): Draft {
  const concerned = harm.uses.filter((use) => use.port.findings.includes(found.id));
  const raised = found.code === 'endpoints-only-terminating' && concerned.some((use) => use.readyOnly);
  const severity = raised ? 'broken' : found.severity;
  const down = severity === 'broken' && found.state === 'open';
  const affects = [
    ...concerned.map((use) => ({
      host: use.rule.hostId,
      rule: use.rule.id,
      answer: down && use.canary === null && (use.readyOnly || !raised) ? use.answer : null,
    })),
    ...harm.direct,
  ];
  const harmed: Draft = { ...found, severity, affects };
  const first = concerned[0];
  if (onlyCanaries(harm) && first?.canary) return ofCanary(harmed, addressOf(first.rule), first.canary);
  return isCause || !isSymptom(harmed) ? harmed : { ...harmed, title: titleOf(found, harm, concerned, down) };
}

/** What a user notices; the findings of pods explain it, and hints are none. */
function isSymptom({ hop, state, severity }: Draft): boolean {
  return hop !== 'pod' && state === 'open' && (severity === 'broken' || severity === 'degraded');
}

function titleOf(found: Draft, { service }: Harm, concerned: readonly Use[], down: boolean): string {
  const answer = concerned.find((use) => use.answer !== null && (use.readyOnly || !down))?.answer ?? null;
  const rules = concerned.filter((use) => use.canary === null).map((use) => use.rule);
  const port = concerned[0]?.port;
  const partly =
    port && port.total > 0
      ? `served by ${port.ready} of ${port.total} pods`
      : 'served by pods that shut down';
  return symptomTitle(
    rules,
    down ? (answer ?? 'no ready pod') : partly,
    down ? `Service ${service.name} → no answer` : found.title,
  );
}
