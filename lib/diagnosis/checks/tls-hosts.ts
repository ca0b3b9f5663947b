/** `tls-rule-host-not-covered`, `tls-host-without-rule`: hosts of rules and hosts of TLS that do not fit together. */
import type { Check, Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence, findingId } from '@/lib/diagnosis/draft';
import { nearest } from '@/lib/diagnosis/edit-distance';
import { leadAnswers } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import { fallbackCovers, fallbackOf, fallbackWords } from '@/lib/diagnosis/tls/fallback';
import { hostTls, wildcardOf } from '@/lib/diagnosis/tls/host-tls';
import { secretState } from '@/lib/diagnosis/tls/secret-state';
import { heldElsewhere } from '@/lib/diagnosis/tls/termination';
import type { Ingress } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { asciiName, certificateCovers, coversName } from '@/lib/topology/host-names';
import { members } from '@/lib/topology/reads';

/** Take a certificate by the name that a client asks for, whatever tls[].hosts says (SEMANTICS 2.1, 2.4). */
const BY_CERTIFICATE = new Set(['ingress-nginx', 'haproxytech', 'haproxy-ingress']);
/** Serve TLS for the hosts of entries alone (SEMANTICS 2.2, 2.5). */
const BY_ENTRY = new Set(['contour', 'f5-nginx']);

/** Whether a certificate of this Ingress takes the host; unknown where one of them has not been read. */
function certificateFor(read: Reader, ingress: Ingress, host: string): boolean | 'unknown' {
  let unseen = false;
  for (const { secretName } of ingress.tls) {
    if (secretName === '') continue;
    const found = secretState(read, objectKey(ingress.namespace, secretName));
    if (found.state === 'missing') continue;
    const certificate = found.state === 'present' ? found.secret.certificate : null;
    if (certificate && certificateCovers(certificate, host)) return true;
    unseen ||= !certificate;
  }
  return unseen ? 'unknown' : false;
}

function hostsWithoutTls(read: Reader, { ingress, rules, controller }: IngressUnit): readonly string[] {
  const type = controller?.type ?? '';
  if (!BY_CERTIFICATE.has(type) && !BY_ENTRY.has(type)) return [];
  const hosts = [...new Set(rules.map((rule) => rule.host))].filter((host) => host !== '');
  return hosts.filter((host) => {
    if (hostTls(read, host)) return false;
    return BY_ENTRY.has(type) || certificateFor(read, ingress, host) === false;
  });
}

export const ruleHostNotCovered: Check<IngressUnit> = {
  name: 'tls-rule-host-not-covered',
  run: (read, unit) => {
    const { ingress, rules, controller } = unit;
    if (ingress.tls.length === 0 || heldElsewhere(read, ingress, controller) !== null) return [];
    const hosts = hostsWithoutTls(read, unit);
    const first = hosts[0];
    if (first === undefined) return [];
    const fallback = fallbackOf(read, controller, leadAnswers(controller));
    const covered = fallbackCovers(read, fallback, hosts);
    if (covered !== false) return [];
    const harmed = rules.filter((rule) => hosts.includes(rule.host));
    const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
    const orphans = orphanedHosts(read, ingress);
    const typo = nearest(first, orphans);
    const found = draft({
      code: 'tls-rule-host-not-covered',
      severity: 'degraded',
      hop: 'tls',
      subject,
      cause: typo === null ? null : findingId('tls-host-without-rule', subject),
      title: `https://${symptomTitle(harmed, fallback.kind === 'refused' ? 'handshake fails' : 'bad certificate', first)}`,
      detail: `TLS entries of Ingress ${ingress.name} leave out ${hosts.join(', ')}: ${fallbackWords(fallback, covered)}`,
      evidence: [
        evidence(subject, 'spec.rules[].host', first),
        evidence(subject, 'spec.tls[].hosts', ingress.tls.flatMap((entry) => entry.hosts).join(', ')),
      ],
      fix: {
        summary:
          typo === null
            ? `Add ${hosts.join(', ')} to tls[].hosts, and see that the certificate names it too.`
            : `TLS names ${typo}: correct it to ${first}.`,
        look: [sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
        change: typo === null ? [] : renamed(ingress, typo, first),
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found, status: 'degraded', rules: harmed.map((rule) => rule.id) }];
  },
};

function renamed(ingress: Ingress, from: string, to: string): readonly string[] {
  const at = ingress.tls.findIndex((entry) => entry.hosts.includes(from));
  const path = `/spec/tls/${at}/hosts/${ingress.tls[at]?.hosts.indexOf(from) ?? 0}`;
  const patch = JSON.stringify([{ op: 'replace', path, value: to }]);
  return [sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=json -p ${patch}`];
}

const FROM_TO_WWW = 'nginx.ingress.kubernetes.io/from-to-www-redirect';

/** Hosts of TLS entries that no rule of any Ingress serves; a wildcard may be for hosts that we do not look for. */
function orphanedHosts(read: Reader, ingress: Ingress): readonly string[] {
  const own = ingress.rules.map((rule) => rule.host);
  if (own.length === 0 || own.includes('') || ingress.defaultBackend !== null) return [];
  const redirects = ingress.annotations[FROM_TO_WWW] === 'true';
  const twins = redirects ? own.flatMap((host) => [`www.${host}`, host.replace(/^www\./, '')]) : [];
  const served = [...own, ...twins];
  return [...new Set(ingress.tls.flatMap((entry) => entry.hosts))].filter(
    (host) =>
      host !== '' &&
      !host.startsWith('*') &&
      !served.some((name) => coversName(name, host) || coversName(host, name)) &&
      !isServed(read, host),
  );
}

function isServed(read: Reader, host: string): boolean {
  const names = [host, host.toLowerCase(), asciiName(host)];
  const all = [...names, ...names.flatMap((name) => wildcardOf(name) ?? [])];
  return all.some((name) => members(read, 'ingresses-by-host', name).length > 0);
}

export const hostWithoutRule: Check<IngressUnit> = {
  name: 'tls-host-without-rule',
  run: (read, { ingress, controller }) => {
    const orphans = ingress.tls.length > 0 ? orphanedHosts(read, ingress) : [];
    const first = orphans[0];
    if (first === undefined || heldElsewhere(read, ingress, controller) !== null) return [];
    const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
    const own = ingress.rules.map((rule) => rule.host);
    // A host that has TLS already is not the one that was meant.
    const near = nearest(
      first,
      own.filter((host) => !hostTls(read, host)),
    );
    const found: Found = {
      draft: draft({
        code: 'tls-host-without-rule',
        severity: 'warning',
        impact: 'risk',
        hop: 'tls',
        subject,
        title: `Ingress ${ingress.name} has TLS for a host without rule`,
        detail: `no rule serves ${orphans.slice(0, 10).join(', ')}${near ? `; near: ${near}` : ''}`,
        evidence: [
          evidence(subject, 'spec.tls[].hosts', orphans.slice(0, 20).join(', ')),
          evidence(subject, 'spec.rules[].host', [...new Set(own)].slice(0, 20).join(', ')),
        ],
        fix: {
          summary: near
            ? `Correct ${first} to ${near}, if that is meant.`
            : `Add a rule for ${first}, or remove it from tls[].hosts.`,
          look: [sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
          change: near ? renamed(ingress, first, near) : [],
          managedBy: managedBy(ingress),
        },
      }),
    };
    return [found];
  },
};
