/** Default classes: too many, or none. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { symptomTitle } from '@/lib/diagnosis/symptoms';
import type { IngressClass } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { classNameOf } from '@/lib/topology/entries';
import { known, members } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { classes, refsOf } from './class-hints';
import { counted, ingressRef, listed, lookAt } from './ingress-parts';

/** Default classes, the one that newer API servers take first: the newest, of one second the first by name. */
function defaults(read: Reader): readonly IngressClass[] {
  return classes(read)
    .filter((one) => one.isDefault)
    .sort((a, b) => (b.created ?? 0) - (a.created ?? 0) || (a.name < b.name ? -1 : 1));
}

function severalDraft(all: readonly IngressClass[]): Draft {
  const [newest] = all as [IngressClass];
  return draft({
    code: 'ingress-class-default-multiple',
    severity: 'warning',
    hop: 'class',
    subject: refOf('ingressclasses', '', '*'),
    related: all.map((one) => refOf('ingressclasses', '', one.name, one.uid)),
    title: `${all.length} IngressClasses are the default`,
    detail: `${listed(all.map((one) => one.name))}: an Ingress that is created without class gets ${newest.name}, the newest, from newer API servers, and is refused by older ones`,
    evidence: all
      .slice(0, 5)
      .map((one) =>
        evidence(
          refOf('ingressclasses', '', one.name, one.uid),
          'metadata.annotations[ingressclass.kubernetes.io/is-default-class]',
          'true',
        ),
      ),
    fix: {
      summary: 'Keep the mark on one class.',
      look: ['kubectl get ingressclass'],
      managedBy: managedBy(newest),
    },
  });
}

/** `ingress-class-default-multiple`: what new Ingresses without class would get. */
export const severalDefaultClasses: Query<readonly Found[]> = {
  name: 'several-default-classes',
  level: 6,
  compute: (read) => {
    const all = defaults(read);
    return all.length > 1 ? [{ draft: severalDraft(all) }] : [];
  },
};

/** The same for the AWS controller, which looks the default up whenever it reads an Ingress without class, and stops at several. */
export function severalForAlb(read: Reader, { ingress, controller, rules }: IngressUnit): readonly Found[] {
  if (controller?.type !== 'aws-alb' || classNameOf(ingress) !== null) return [];
  const all = defaults(read);
  if (all.length < 2) return [];
  const base = severalDraft(all);
  const live = ingress.addresses.length > 0;
  const found: Draft = {
    ...base,
    severity: live ? 'degraded' : 'broken',
    title: live ? base.title : symptomTitle(rules, 'not carried out', base.title),
    detail: `${base.detail}; the AWS controller carries out no Ingress without class while there are several`,
    related: [ingressRef(ingress)],
    fix: { ...base.fix, look: [...base.fix.look, lookAt(ingress)] },
  };
  return [{ draft: found, status: live ? 'degraded' : 'broken' }];
}

/** `ingress-class-default-none`: Ingresses without class that nobody serves, and no default for the next one. */
export const noDefaultClass: Query<readonly Found[]> = {
  name: 'no-default-class',
  level: 6,
  compute: (read) => {
    if (!known(read, 'ingressclasses').known || classes(read).length === 0 || defaults(read).length > 0)
      return [];
    const lost = members(read, 'ingresses-by-class', '').filter(
      (key) => read.query(serving, key).problem === 'class-unset',
    );
    if (lost.length === 0) return [];
    const names = classes(read).map((one) => one.name);
    const only = names.length === 1 ? names[0] : undefined;
    const found = draft({
      code: 'ingress-class-default-none',
      severity: 'info',
      impact: 'risk',
      hop: 'class',
      subject: refOf('ingressclasses', '', '*'),
      related: refsOf(lost),
      title: 'No IngressClass is the default',
      detail: `${counted(lost.length, 'Ingress names', 'Ingresses name')} no class, and the next one would get none either: ${listed(lost)}`,
      evidence: [evidence(null, 'IngressClasses', listed(names))],
      fix: {
        summary:
          'Mark one class as default for Ingresses to come; those that exist need spec.ingressClassName.',
        look: ['kubectl get ingressclass'],
        change: only === undefined ? [] : [markDefault(only)],
      },
    });
    return [{ draft: found }];
  },
};

function markDefault(name: string): string {
  return sh`kubectl annotate ingressclass ${name} ingressclass.kubernetes.io/is-default-class=true`;
}
