/** Ingresses and hosts that cannot do what they seem to say. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Reader } from '@/lib/state/cells';
import { ingressRef, isSolver, listed, lookAt } from './ingress-parts';

/** `ingress-empty`: the API refuses it, yet manifests and old objects may have it. */
export function ingressEmpty(_read: Reader, { ingress }: IngressUnit): readonly Found[] {
  if (ingress.rules.length > 0 || ingress.defaultBackend !== null || ingress.deleting !== null) return [];
  const found = draft({
    code: 'ingress-empty',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `Ingress ${ingress.name} routes nothing`,
    detail: 'it has neither rules nor a defaultBackend',
    evidence: [
      evidence(ingressRef(ingress), 'spec.rules', 'not set'),
      evidence(ingressRef(ingress), 'spec.defaultBackend', 'not set'),
    ],
    fix: {
      summary: 'Give it a rule or a defaultBackend.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}

/** `rule-host-without-http`: the host is named and nothing is routed for it; a master of F5's is meant so. */
export function hostWithoutHttp(_read: Reader, { ingress }: IngressUnit): readonly Found[] {
  if (isSolver(ingress) || ingress.annotations['nginx.org/mergeable-ingress-type'] === 'master') return [];
  const routed = new Set(ingress.rules.filter(({ paths }) => paths.length > 0).map(({ host }) => host));
  const bare = ingress.rules.flatMap(({ host, paths }, i) =>
    paths.length === 0 && !routed.has(host) ? [{ host, i }] : [],
  );
  const first = bare[0];
  if (!first) return [];
  const found = draft({
    code: 'rule-host-without-http',
    severity: 'info',
    impact: 'risk',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `${first.host || 'A rule for every host'} has no paths`,
    detail: `${listed(bare.map(({ host }) => host || '*'))}: requests go to ${ingress.defaultBackend ? 'the default backend of the Ingress, or of the controller' : "the controller's default backend, mostly 404"}`,
    evidence: [evidence(ingressRef(ingress), `spec.rules[${first.i}].http`, 'not set')],
    fix: {
      summary: 'Add paths, or take the host away.',
      look: [lookAt(ingress)],
      managedBy: managedBy(ingress),
    },
  });
  return [{ draft: found }];
}

/** What is wrong with a host, and the host that was probably meant; null: nothing. */
function hostFault(host: string): { readonly why: string; readonly right: string } | null {
  const bare = host.replace(/^[a-z]+:\/\//i, '').replace(/\/.*$/, '');
  const right = bare.replace(/:\d+$/, '').toLowerCase();
  if (/^[a-z]+:\/\//i.test(host)) return { why: 'a host has no scheme', right };
  if (/^\d{1,3}(\.\d{1,3}){3}(:\d+)?$/.test(host) || /^\[?[0-9a-f]*:[0-9a-f]*:/i.test(host))
    return { why: 'a host is a name, not an IP address', right: '' };
  if (/:\d+$/.test(host)) return { why: 'a host has no port', right };
  if (/[A-Z]/.test(host)) return { why: 'hosts are written in lower case', right };
  if (host.includes('*') && !/^\*\.[^*]+$/.test(host))
    return { why: 'a star may only be the whole first label', right: '' };
  return null;
}

/** `rule-host-invalid`: the API refuses most of them. */
export function hostInvalid(_read: Reader, { ingress, rules }: IngressUnit): readonly Found[] {
  const odd = ingress.rules.flatMap(({ host }, i) => {
    const fault = host === '' ? null : hostFault(host);
    return fault ? [{ host, i, ...fault }] : [];
  });
  const first = odd[0];
  if (!first) return [];
  const hosts = new Set(odd.map(({ host }) => host));
  const at = `/spec/rules/${first.i}/host`;
  const found = draft({
    code: 'rule-host-invalid',
    severity: 'broken',
    hop: 'rule',
    subject: ingressRef(ingress),
    title: `${first.host} is no host name`,
    detail: `${first.why}${first.right ? `; probably ${first.right} is meant` : ''}`,
    evidence: odd
      .slice(0, 5)
      .map(({ host, i }) => evidence(ingressRef(ingress), `spec.rules[${i}].host`, host)),
    fix: {
      summary: first.right
        ? `Write ${first.right}.`
        : 'Write a plain host name, or *.NAME for its subdomains.',
      look: [lookAt(ingress)],
      change: first.right
        ? [
            sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=json -p ${JSON.stringify([{ op: 'replace', path: at, value: first.right }])}`,
          ]
        : [],
      managedBy: managedBy(ingress),
    },
  });
  const concerned = rules.filter((rule) => hosts.has(rule.host) && !rule.isDefault);
  return [{ draft: found, rules: concerned.map((rule) => rule.id), status: 'broken' }];
}
