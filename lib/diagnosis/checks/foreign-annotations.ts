/** Annotations for another product than the one that serves the Ingress. */
import { CONTROLLER_TITLES } from '@/lib/controllers/registry';
import type { Found } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { servingController } from '@/lib/diagnosis/lead-controller';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import type { ObjectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { type Controller, controllers } from '@/lib/topology/controllers';
import { PRODUCT_ANNOTATIONS } from '@/lib/topology/product-annotations';
import { members, object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';
import { workloadRef } from '@/lib/topology/workloads';
import { counted, ingressRef, listed } from './ingress-parts';

/** Annotations whose loss opens something (CHECKS `ingress-foreign-annotations`). */
const SECURITY =
  /auth|whitelist|allowlist|denylist|blacklist|source-range|jwt|modsecurity|waf|limit-|rate-?limit|ssl-redirect|cors|verify|inbound-cidrs|security-groups|tls-secret|policies|plugins/i;

/** Annotations of an Ingress under a prefix, those that guard something first. */
function namesUnder(ingress: Ingress, prefix: string): readonly string[] {
  const names = Object.keys(ingress.annotations)
    .filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .sort();
  return [...names.filter((name) => SECURITY.test(name)), ...names.filter((name) => !SECURITY.test(name))];
}

/** Whether a controller reads the annotations of a product, as far as we know: null where we don't. */
function honours(controller: Controller, owner: string): boolean | null {
  if (controller.type === owner) return true;
  if (controller.type === 'unknown' || controller.kind === 'class') return null;
  if (controller.type !== 'traefik' || owner !== 'ingress-nginx') return false;
  // Traefik has a provider that imitates ingress-nginx; a file may switch it on.
  const own = controller.recognised;
  if (!own || own.nginxProvider || own.servesIngress === 'unknown' || own.unreadable.length > 0) return null;
  return false;
}

/** The Ingresses with annotations under a prefix that none of their controllers reads, by the first of these. */
function ignored(read: Reader, prefix: string, owner: string): ReadonlyMap<string, readonly ObjectKey[]> {
  const found = new Map<string, ObjectKey[]>();
  for (const key of members(read, 'ingresses-by-product', prefix)) {
    const { controllers: by, maybe } = read.query(serving, key);
    const all = by.map((id) => servingController(read, key, id));
    const first = all[0];
    if (maybe.length > 0 || !first || all.some((one) => !one || honours(one, owner) !== false)) continue;
    found.set(first.id, [...(found.get(first.id) ?? []), key]);
  }
  return found;
}

function subjectOf(read: Reader, controller: Controller): Draft['subject'] {
  return controller.workload
    ? workloadRef(read, controller.namespace, controller.workload)
    : refOf('ingressclasses', '', controller.classes[0] ?? controller.name);
}

/** `ingress-foreign-annotations` of one prefix: one finding for each controller that ignores them. */
const foreignOfPrefix: Query<readonly Found[]> = {
  name: 'foreign-annotations',
  level: 6,
  compute: (read, prefix) => {
    const owner = PRODUCT_ANNOTATIONS[prefix] ?? 'unknown';
    // In most clusters there is one product: nothing to look for.
    if (read.query(controllers, '').every((one) => one.type === owner)) return [];
    return [...ignored(read, prefix, owner)].map(([, keys]) => ({
      draft: foreignDraft(read, prefix, owner, keys),
    }));
  },
};

function foreignDraft(read: Reader, prefix: string, owner: string, keys: readonly ObjectKey[]): Draft {
  const first = keys[0] ?? '';
  const id = read.query(serving, first).controllers[0] ?? '';
  const controller = servingController(read, first, id) as Controller;
  const ingresses = keys.flatMap((key) => object(read, 'ingresses', key) ?? []);
  const guarded = ingresses.filter((ingress) =>
    namesUnder(ingress, prefix).some((name) => SECURITY.test(name)),
  );
  const shown = guarded.length > 0 ? guarded : ingresses;
  const names = [...new Set(shown.slice(0, 50).flatMap((ingress) => namesUnder(ingress, prefix)))];
  const guards = names.filter((name) => SECURITY.test(name));
  const title = CONTROLLER_TITLES[controller.type];
  return draft({
    code: 'ingress-foreign-annotations',
    severity: 'warning',
    impact: 'risk',
    hop: 'class',
    subject: subjectOf(read, controller),
    discriminator: prefix,
    related: [...guarded, ...ingresses.filter((ingress) => !guarded.includes(ingress))]
      .slice(0, 50)
      .map(ingressRef),
    title: `${title} ignores annotations of ${CONTROLLER_TITLES[owner as Controller['type']]} on ${counted(keys.length, 'Ingress', 'Ingresses')}`,
    detail: `${prefix}${listed(names.slice(0, 5))} ${guards.length > 0 ? `have no effect here; among them what guards access (${listed(guards)}), so it is not guarded, on ${counted(guarded.length, 'Ingress', 'Ingresses')}` : 'have no effect here'}: ${listed(shown.map((one) => `${one.namespace}/${one.name}`))}`,
    evidence: shown
      .slice(0, 5)
      .map((ingress) =>
        evidence(
          ingressRef(ingress),
          'metadata.annotations',
          listed(namesUnder(ingress, prefix).map((name) => prefix + name)),
        ),
      ),
    fix: {
      summary:
        guards.length > 0
          ? `Set the same protection by the means of ${title}, and take the old annotations away.`
          : 'Take them away, or set the same by the means of this controller.',
      look: shown
        .slice(0, 3)
        .map(({ namespace, name }) => sh`kubectl -n ${namespace} get ingress ${name} -o yaml`),
      managedBy: shown[0] ? managedBy(shown[0]) : null,
    },
  });
}

/** `ingress-foreign-annotations`: what was set for another product than the one that serves the Ingress. */
export function foreignAnnotations(read: Reader): readonly Found[] {
  return Object.keys(PRODUCT_ANNOTATIONS).flatMap((prefix) => read.query(foreignOfPrefix, prefix));
}
