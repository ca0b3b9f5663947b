/** `tls-same-host-different-secret`: which certificate a host gets depends on the age of Ingresses. */
import type { Check, HostUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { leadController } from '@/lib/diagnosis/lead-controller';
import { sh } from '@/lib/diagnosis/shell';
import { OLDEST_DECIDES } from '@/lib/diagnosis/tls/decider';
import { namesHost } from '@/lib/diagnosis/tls/entries';
import { heldElsewhere } from '@/lib/diagnosis/tls/termination';
import type { Ingress, Secret } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { object } from '@/lib/topology/reads';
import { serving } from '@/lib/topology/serving';

interface Claim {
  readonly ingress: Ingress;
  readonly at: number;
  readonly secret: Secret;
  /** Whether the controller goes by age. */
  readonly oldest: boolean;
}

/** The certificate that an Ingress brings for the host; null where it names none, or it has not been read. */
function claimOf(read: Reader, ingress: Ingress, host: string, controller: Controller): Claim | null {
  const at = ingress.tls.findIndex((entry) => entry.secretName !== '' && namesHost(entry.hosts, host));
  const name = ingress.tls[at]?.secretName;
  const secret = name === undefined ? undefined : object(read, 'secrets', objectKey(ingress.namespace, name));
  return secret?.certificate ? { ingress, at, secret, oldest: OLDEST_DECIDES.has(controller.type) } : null;
}

/** Two Secrets may hold one certificate: copies for several namespaces. */
function contents({ secret: { certificate: facts } }: Claim): string {
  return JSON.stringify([facts?.subject, facts?.issuer, facts?.names, facts?.notBefore, facts?.notAfter]);
}

/** Only one that serves the Ingress for certain: of others, nobody knows among which they choose. */
function controllerOf(read: Reader, key: string): Controller | undefined {
  return read.query(serving, key).controllers.length > 0 ? leadController(read, key) : undefined;
}

/** By controller: each chooses among the Ingresses that it serves. */
function rivals(read: Reader, { host, rules }: HostUnit): readonly Claim[] {
  const byController = new Map<string, Claim[]>();
  for (const key of new Set(rules.map(({ ingress }) => ingress))) {
    const ingress = object(read, 'ingresses', key);
    if (!ingress || ingress.tls.length === 0) continue;
    const controller = controllerOf(read, key);
    if (!controller || heldElsewhere(read, ingress, controller) !== null) continue;
    const claim = claimOf(read, ingress, host, controller);
    if (claim) byController.set(controller.id, [...(byController.get(controller.id) ?? []), claim]);
  }
  return [...byController.values()].find((claims) => new Set(claims.map(contents)).size > 1) ?? [];
}

/** Which one is served, as far as the controller's rule is known. */
function whichWords({ ingress, oldest }: Claim): string {
  return oldest
    ? `that of the oldest, ${ingress.namespace}/${ingress.name}, is served`
    : 'which of them is served is up to the controller';
}

export const sameHostDifferentSecret: Check<HostUnit> = {
  name: 'tls-same-host-different-secret',
  run: (read, unit) => {
    if (unit.host === '' || unit.rules.length < 2) return [];
    const claims = [...rivals(read, unit)].sort(
      (a, b) =>
        (a.ingress.created ?? 0) - (b.ingress.created ?? 0) || (a.ingress.name < b.ingress.name ? -1 : 1),
    );
    const first = claims[0];
    if (!first) return [];
    const names = [...new Set(claims.map(({ secret }) => `${secret.namespace}/${secret.name}`))];
    const refs = claims.map(({ ingress }) =>
      refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
    );
    const found = draft({
      code: 'tls-same-host-different-secret',
      severity: 'warning',
      impact: 'risk',
      hop: 'tls',
      subject: {
        group: '',
        version: '',
        resource: '',
        kind: 'Host',
        namespace: '',
        name: unit.host,
      },
      related: refs.slice(0, 50),
      title: `${unit.host} has ${names.length} certificates to choose from`,
      detail: `Ingresses of one controller name different Secrets for the host: ${names.slice(0, 10).join(', ')}; ${whichWords(first)}`,
      evidence: claims
        .slice(0, 5)
        .map(({ ingress, at, secret }) =>
          evidence(
            refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
            `spec.tls[${at}].secretName`,
            secret.name,
          ),
        ),
      fix: {
        summary: 'Use one Secret for the host, in the Ingress that is served.',
        look: [sh`kubectl -n ${first.ingress.namespace} get ingress ${first.ingress.name} -o yaml`],
      },
    });
    return [{ draft: found }];
  },
};
