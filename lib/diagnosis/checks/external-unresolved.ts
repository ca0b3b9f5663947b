import type { Found } from '@/lib/diagnosis/check';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { Reader } from '@/lib/state/cells';
import type { DnsAnswer } from '@/lib/state/facts';
import { outsideName } from '@/lib/topology/external-names';
import { dnsFact } from '@/lib/topology/reads';
import { type BackendUse, idsOf } from './ingress-backends';

function isNone({ outcome, a, aaaa }: DnsAnswer): boolean {
  return outcome === 'nxdomain' || (outcome === 'nodata' && a.length + aaaa.length === 0);
}

/**
 * `service-externalname-unresolved`: broken where two points of view agree that the name has no address, else a warning that
 * names the one that says so (TRUTH "DNS"). The controller asks a resolver of its own, which may know more.
 */
export function unresolved(read: Reader, { service, rules }: BackendUse): readonly Found[] {
  const name = outsideName(service.externalName);
  const answers = (name === null ? undefined : dnsFact(read, name))?.answers ?? [];
  const none = answers.filter(isNone);
  if (name === null || none.length === 0) return [];
  const resolves = answers.some(({ outcome }) => outcome === 'ok');
  const sure = none.length >= 2 && !resolves;
  const who = none.map(({ server }) => server).join(', ');
  const ref = serviceRef(service);
  const found = draft({
    code: 'service-externalname-unresolved',
    severity: sure ? 'broken' : 'warning',
    hop: 'service',
    subject: ref,
    title: sure
      ? symptomTitle(rules, `${name} does not resolve`, `${name} does not resolve`)
      : `${name} does not resolve by ${who}`,
    detail: `Service ${service.name} is an ExternalName for ${name}, which has no address by ${who}`,
    evidence: none
      .slice(0, 3)
      .map((answer) => evidence(ref, `dns ${name} by ${answer.server}`, answer.outcome)),
    fix: {
      summary: `Correct the name, or create it in DNS: ${name}.`,
      look: [sh`dig ${name}`, sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
      managedBy: managedBy(service),
    },
    holdMs: OBJECT_HOLD_MS,
  });
  return [{ draft: found, rules: idsOf(rules), status: sure ? 'broken' : 'warning', at: 'route' }];
}
