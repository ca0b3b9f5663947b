/** Secrets that ingress-nginx reads by name before it lets a request through. */
import type { Found, IngressUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected, symptomTitle } from '@/lib/diagnosis/symptoms';
import { secretState } from '@/lib/diagnosis/tls/secret-state';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { annotationSecrets, type NamedSecret } from '@/lib/topology/annotation-secrets';
import { object } from '@/lib/topology/reads';
import { annotationEvidence, ingressRef, isCanary, lookAt, NGINX } from './ingress-parts';

/** What ingress-nginx wants in each Secret, and what a user gets without; null: not known. */
const SECRETS: Readonly<
  Record<NamedSecret['annotation'], { readonly key: string | null; readonly answer: number | null }>
> = {
  'auth-secret': { key: 'auth', answer: 503 },
  'auth-tls-secret': { key: 'ca.crt', answer: 403 },
  'proxy-ssl-secret': { key: null, answer: null },
};

/** `rule-auth-secret-broken`: a Secret that access depends on is missing, or lacks its key. */
export function authSecrets(read: Reader, unit: IngressUnit): readonly Found[] {
  const { ingress, controller } = unit;
  if (controller?.type !== 'ingress-nginx' || isCanary(ingress)) return [];
  return annotationSecrets(ingress)
    .filter(
      ({ annotation }) =>
        annotation !== 'auth-secret' || ingress.annotations[`${NGINX}auth-type`] !== undefined,
    )
    .flatMap((named) => {
      const fault = secretFault(read, unit, named);
      return fault ? [secretFound(unit, named, fault)] : [];
    });
}

function secretFault(
  read: Reader,
  { ingress }: IngressUnit,
  { annotation, key }: NamedSecret,
): string | null {
  const state = secretState(read, key);
  if (state.state === 'missing') return 'does not exist';
  const secret = state.state === 'present' ? object(read, 'secrets', key) : undefined;
  const map = ingress.annotations[`${NGINX}auth-secret-type`] === 'auth-map';
  const wanted = annotation === 'auth-secret' && map ? null : SECRETS[annotation].key;
  return secret && wanted !== null && !secret.keys.includes(wanted) ? `has no key ${wanted}` : null;
}

function secretFound(
  { ingress, rules }: IngressUnit,
  { annotation, key }: NamedSecret,
  fault: string,
): Found {
  const { namespace, name } = splitKey(key);
  const subject = refOf('secrets', namespace, name);
  const { answer, key: wanted } = SECRETS[annotation];
  const found = draft({
    code: 'rule-auth-secret-broken',
    severity: 'broken',
    hop: 'rule',
    subject,
    discriminator: `${ingress.namespace}/${ingress.name}#${annotation}`,
    related: [ingressRef(ingress)],
    affects: affected(rules, answer),
    title: symptomTitle(rules, answer ?? 'fails', `Ingress ${ingress.name} lacks Secret ${name}`),
    detail: `Secret ${key}, named by ${annotation}, ${fault}: ingress-nginx refuses the requests`,
    evidence: [
      annotationEvidence(ingress, `${NGINX}${annotation}`),
      evidence(
        subject,
        fault.startsWith('has') ? 'data' : 'metadata.name',
        fault.startsWith('has') ? fault : 'not found',
      ),
    ],
    fix: {
      summary: `Create the Secret${wanted ? ` with the key ${wanted}` : ''}, or correct its name in the annotation.`,
      look: [sh`kubectl -n ${namespace} get secrets`, lookAt(ingress)],
      change:
        annotation === 'auth-secret' && !fault.startsWith('has')
          ? [sh`kubectl -n ${namespace} create secret generic ${name} --from-file=auth`]
          : [],
      managedBy: managedBy(ingress),
    },
  });
  return { draft: found, status: 'broken' };
}
