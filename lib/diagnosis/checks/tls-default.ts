/** `tls-fake-certificate-served`, `tls-passthrough-off`: TLS that the controller's own flags decide. */
import type { Check, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { leadAnswers } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import { decidedBy } from '@/lib/diagnosis/tls/decider';
import { entriesOf } from '@/lib/diagnosis/tls/entries';
import { type Fallback, fallbackCovers, fallbackOf, settingsOf } from '@/lib/diagnosis/tls/fallback';
import { heldElsewhere, wantsPassthrough } from '@/lib/diagnosis/tls/termination';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Controller } from '@/lib/topology/controllers';
import { workloadRef } from '@/lib/topology/workloads';

/** Serve their default certificate wherever an entry names none (SEMANTICS 2.1, 2.4). */
const USE_DEFAULT = new Set(['ingress-nginx', 'haproxytech', 'haproxy-ingress']);

export function usesDefault(controller: Controller | undefined): controller is Controller {
  return controller !== undefined && USE_DEFAULT.has(controller.type);
}

function whyFake(fallback: Fallback): string {
  if (fallback.kind === 'certificate') return `its default certificate ${fallback.secret} is for other hosts`;
  if (fallback.kind === 'fake' && fallback.broken !== '')
    return `of its default certificate, ${fallback.broken}`;
  return 'it has no default certificate of its own (--default-ssl-certificate)';
}

/** One finding for each controller: what it lacks harms every host that counts on it. */
export const fakeCertificate: Check<IngressUnit> = {
  name: 'tls-fake-certificate-served',
  run: (read, { ingress, rules, controller }) => {
    if (!usesDefault(controller) || heldElsewhere(read, ingress, controller) !== null) return [];
    // Beside an older Ingress that brings the certificate, an empty entry only asks for the redirect to https.
    const entries = entriesOf(ingress, rules).filter(
      (entry) => entry.secretName === '' && decidedBy(read, ingress, '', controller, entry.hosts) === null,
    );
    if (entries.length === 0) return [];
    const fallback = fallbackOf(read, controller, leadAnswers(controller));
    const harmed = entries.filter((entry) => fallbackCovers(read, fallback, entry.hosts) === false);
    const hit = [...new Set(harmed.flatMap((entry) => entry.rules))];
    if (hit.length === 0) return [];
    const { namespace, name, workload } = controller;
    const subject = workloadRef(read, namespace, workload ?? { kind: 'Deployment', name });
    const ingressRef = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
    const secret = fallback.kind === 'fake' || fallback.kind === 'certificate' ? fallback.secret : null;
    const found = draft({
      code: 'tls-fake-certificate-served',
      severity: 'degraded',
      hop: 'tls',
      subject,
      ...(fallback.kind === 'certificate' ? { discriminator: ingress.namespace } : {}),
      affects: affected(hit, null),
      related: [ingressRef],
      title: `https://${harmed[0]?.hosts[0] || '*'} → bad certificate`,
      detail: `TLS entries without secretName count on controller ${name}, but ${whyFake(fallback)}: browsers reject what it serves`,
      evidence: [
        evidence(ingressRef, `spec.tls[${harmed[0]?.at ?? 0}].secretName`, 'not set'),
        evidence(subject, 'args --default-ssl-certificate', secret ?? 'not set'),
      ],
      fix: {
        summary:
          'Name a Secret in the TLS entry, or give the controller a default certificate for these hosts.',
        look: [
          sh`kubectl -n ${namespace} get ${`${subject.kind.toLowerCase()}/${name}`} -o jsonpath='{.spec.template.spec.containers[*].args}'`,
          ...(secret === null ? [] : [shown(secret)]),
        ],
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found, status: 'degraded', rules: hit.map((rule) => rule.id) }];
  },
};

function shown(key: string): string {
  const { namespace, name } = splitKey(key);
  return sh`kubectl -n ${namespace} get secret ${name}`;
}

/** ingress-nginx ends TLS itself where its flag is missing; the pods then get plain http on a TLS port. */
export const passthroughOff: Check<IngressUnit> = {
  name: 'tls-passthrough-off',
  run: (read, { ingress, controller }) => {
    if (!controller || !wantsPassthrough(ingress, controller.type)) return [];
    if (settingsOf(read, controller)?.passthrough !== false) return [];
    const { namespace, name, workload } = controller;
    const subject = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
    const owner = workloadRef(read, namespace, workload ?? { kind: 'Deployment', name });
    const found = draft({
      code: 'tls-passthrough-off',
      severity: 'broken',
      hop: 'tls',
      subject,
      related: [owner],
      title: `https://${ingress.rules[0]?.host || '*'} → TLS ends at the controller`,
      detail: `ssl-passthrough is asked for, but ${name} runs without --enable-ssl-passthrough: it ends TLS itself and speaks plain http to pods that expect TLS`,
      evidence: [
        evidence(subject, 'metadata.annotations[nginx.ingress.kubernetes.io/ssl-passthrough]', 'true'),
        evidence(owner, 'args --enable-ssl-passthrough', 'not set'),
      ],
      fix: {
        summary: 'Add --enable-ssl-passthrough to the controller, or drop the annotation.',
        look: [
          sh`kubectl -n ${namespace} get ${`${owner.kind.toLowerCase()}/${name}`} -o jsonpath='{.spec.template.spec.containers[*].args}'`,
        ],
        managedBy: managedBy(ingress),
      },
    });
    return [{ draft: found, status: 'degraded' }];
  },
};
