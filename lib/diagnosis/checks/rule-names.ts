/** Names that no rule carries. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import { dialectOf } from '@/lib/routing/dialect';
import { hostMatches } from '@/lib/routing/hosts';
import type { Reader } from '@/lib/state/cells';
import { servicesOfHost } from '@/lib/topology/hosts';
import { known, members, object } from '@/lib/topology/reads';
import { counted, ingressRef, isSolver, listed, lookAt, NGINX } from './ingress-parts';

/** `rule-wildcard-depth`: a name in the TLS list lies deeper than the wildcard that should take it. */
export function wildcardDepth(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  if (dialectOf(controller?.type ?? 'unknown').wildcardHost !== 'one-label') return [];
  const wild = ingress.rules.map(({ host }) => host).filter((host) => host.startsWith('*.'));
  if (wild.length === 0 || !known(read, 'ingresses').known) return [];
  const deep = ingress.tls
    .flatMap(({ hosts }) => hosts)
    .filter((name) => wild.some((host) => !hostMatches(host, name) && hostMatches(host, name, 'any-depth')))
    .filter((name) => !isCarried(read, name));
  const first = deep[0];
  if (first === undefined) return [];
  const found = draft({
    code: 'rule-wildcard-depth',
    severity: 'info',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `${first} lies too deep for ${wild[0]}`,
    detail: `a wildcard host takes one label; ${listed(deep)} is named for TLS, and no rule takes it`,
    evidence: [
      evidence(ingressRef(ingress), 'spec.tls[].hosts', first),
      evidence(ingressRef(ingress), 'spec.rules[].host', wild[0]),
    ],
    fix: {
      summary: `Add a rule for ${first} if it is to be served.`,
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}

/** Whether some rule or exposed Service takes a name: literally, by a wildcard of one label, or as every host. */
function isCarried(read: Reader, name: string): boolean {
  const host = name.toLowerCase();
  const wildcard = host.startsWith('*.') ? host : `*${host.slice(host.indexOf('.'))}`;
  return (
    [host, wildcard, ''].some((key) => members(read, 'ingresses-by-host', key).length > 0) ||
    servicesOfHost(read, host).length > 0
  );
}

/** Names that ingress-nginx serves beside those of the rules. */
function aliases(annotations: Readonly<Record<string, string>>): string {
  return annotations[`${NGINX}server-alias`] ?? '';
}

function wwwTwin(name: string): string {
  return name.startsWith('www.') ? name.slice(4) : `www.${name}`;
}

/** `ingress-missing`: a certificate that an Ingress uses names a host that no rule carries. */
export function ingressMissing(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  if (isSolver(ingress) || ingress.tls.length === 0 || !controller || !known(read, 'ingresses').known)
    return [];
  const twins = ingress.annotations[`${NGINX}from-to-www-redirect`] === 'true';
  return ingress.tls
    .flatMap(({ secretName }) =>
      secretName === ''
        ? []
        : members(read, 'certificates-by-secret', objectKey(ingress.namespace, secretName)),
    )
    .flatMap((key) => {
      const certificate = object(read, 'certificates', key);
      const lost = (certificate?.dnsNames ?? []).filter(
        (name) =>
          !name.startsWith('*.') &&
          !isCarried(read, name) &&
          !aliases(ingress.annotations).includes(name) &&
          !(twins && isCarried(read, wwwTwin(name))),
      );
      const first = lost[0];
      if (!certificate || first === undefined) return [];
      const subject = refOf('certificates', certificate.namespace, certificate.name, certificate.uid);
      const found = draft({
        code: 'ingress-missing',
        severity: 'info',
        impact: 'risk',
        hop: 'rule',
        subject,
        related: [ingressRef(ingress)],
        title: `No rule carries ${first}`,
        detail: `Certificate ${certificate.name} names ${counted(lost.length, 'host')} without a rule: ${listed(lost)}`,
        evidence: [evidence(subject, 'spec.dnsNames', lost.slice(0, 10).join(', '))],
        fix: {
          summary: 'Add a rule for the host, or take it out of the Certificate.',
          look: [
            sh`kubectl -n ${certificate.namespace} get certificate ${certificate.name} -o yaml`,
            lookAt(ingress),
          ],
          managedBy: managedBy(certificate),
        },
      });
      return [{ draft: found }];
    });
}
