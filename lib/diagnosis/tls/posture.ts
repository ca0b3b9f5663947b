/** What an Ingress does about TLS beside serving it: told for each namespace at once (`tls-absent` and other risks). */

import { usesDefault } from '@/lib/diagnosis/checks/tls-default';
import { leadAnswers, leadController } from '@/lib/diagnosis/lead-controller';
import type { Ingress, Secret } from '@/lib/kube/objects';
import { objectKey } from '@/lib/kube/refs';
import type { Query, Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { known, members, object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { entriesOf } from './entries';
import { fallbackCovers, fallbackOf } from './fallback';
import { backendUnverified, redirectOff } from './loose';
import { type PlainHttp, plainHttp } from './plain-http';
import { heldElsewhere } from './termination';

export interface Posture {
  readonly plain: PlainHttp | null;
  /** Evidence `PATH: VALUE`, or null. */
  readonly redirectOff: string | null;
  readonly unverified: string | null;
  /** Places in `spec.tls` without a Secret that the controller's default certificate stands in for. */
  readonly byDefault: readonly number[];
  /** Names of Secrets that somebody renews by hand. */
  readonly manual: readonly string[];
}

const NOTHING: Posture = { plain: null, redirectOff: null, unverified: null, byDefault: [], manual: [] };

/** Of the Ingress with key `NS/NAME`; nothing where it is not certain who serves it. */
export const tlsPosture: Query<Posture> = {
  name: 'tls-posture',
  level: 6,
  compute: (read, key) => {
    const ingress = object(read, 'ingresses', key);
    const controller = leadController(read, key);
    if (!ingress || !controller || read.query(serving, key).controllers.length === 0) return NOTHING;
    const held = heldElsewhere(read, ingress, controller) !== null;
    const cloud = controller.type === 'aws-alb' || controller.type === 'gce';
    return {
      plain: plainHttp(read, ingress, controller),
      redirectOff: held && !cloud ? null : redirectOff(read, ingress, controller),
      unverified: backendUnverified(ingress, controller.type),
      byDefault: held ? [] : byDefault(read, key, ingress, controller),
      manual: held ? [] : manual(read, ingress),
    };
  },
};

function byDefault(read: Reader, key: string, ingress: Ingress, controller: Controller): readonly number[] {
  if (!usesDefault(controller) || ingress.tls.every((entry) => entry.secretName !== '')) return [];
  const fallback = fallbackOf(read, controller, leadAnswers(controller));
  return entriesOf(ingress, read.query(ingressRules, key))
    .filter((entry) => entry.secretName === '' && fallbackCovers(read, fallback, entry.hosts) === true)
    .map((entry) => entry.at);
}

/** Public authorities issue for no longer (CA/Browser Forum, since September 2020): beyond, it is a private one. */
const LONGEST_PUBLIC_MS = 398 * 86_400_000;
/** Marks of tools that bring Secrets from elsewhere and renew them there. */
const BROUGHT =
  /external-secrets|sealedsecrets|vault|reflector|replicator|kubed|config-syncer|cert-manager|csi|acme/i;

function manual(read: Reader, ingress: Ingress): readonly string[] {
  if (!known(read, 'certificates').known) return [];
  const names = [...new Set(ingress.tls.map((entry) => entry.secretName))].filter((name) => name !== '');
  return names.filter((name) => {
    const key = objectKey(ingress.namespace, name);
    const secret = object(read, 'secrets', key);
    return (
      secret !== undefined && members(read, 'certificates-by-secret', key).length === 0 && isByHand(secret)
    );
  });
}

function isByHand({ certificate, owner, labels, annotations }: Secret): boolean {
  if (!certificate || owner !== null) return false;
  const marks = [...Object.entries(labels), ...Object.entries(annotations)].flat();
  if (marks.some((mark) => BROUGHT.test(mark))) return false;
  return certificate.notAfter - certificate.notBefore <= LONGEST_PUBLIC_MS;
}
