/** Objects that a controller's arguments name: ConfigMaps, its default backend, its default certificate. */
import { configMapRefs } from '@/lib/controllers/config-maps';
import { defaultBackendRef, defaultCertificateRef } from '@/lib/controllers/references';
import type { ControllerUnit, Found } from '@/lib/diagnosis/check';
import {
  argumentsCommand,
  configMapState,
  controllerRef,
  controllerWorkload,
} from '@/lib/diagnosis/controller-parts';
import { draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceHealth } from '@/lib/diagnosis/service-health';
import { sh } from '@/lib/diagnosis/shell';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { known, object, secretFact } from '@/lib/topology/reads';

/** `controller-configmap-missing`: the defaults are in force meanwhile. */
export function configMapMissing(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const workload = controllerWorkload(read, controller);
  if (!workload) return [];
  return configMapRefs(workload)
    .filter(({ key }) => configMapState(read, key) === 'missing')
    .map(({ flag, key, role }) => {
      const { namespace, name } = splitKey(key);
      const subject = controllerRef(read, controller);
      const missing = refOf('configmaps', namespace, name);
      const meanwhile = role === 'settings' ? 'its defaults are in force' : `it opens no ${role} port`;
      return {
        draft: draft({
          code: 'controller-configmap-missing',
          severity: 'warning',
          hop: 'controller',
          subject,
          discriminator: key,
          related: [missing],
          title: `Controller ${controller.name}: its ConfigMap ${key} does not exist`,
          detail: `${flag} names ${key}, which does not exist: ${meanwhile}`,
          evidence: [
            evidence(subject, `args[${flag}]`, key),
            evidence(missing, 'metadata.name', 'not found'),
          ],
          fix: {
            summary: 'Create the ConfigMap, or correct the flag.',
            look: [sh`kubectl -n ${namespace} get configmaps`, argumentsCommand(controller)],
            managedBy: managedBy(workload),
          },
        }),
      };
    });
}

/** `controller-default-backend-broken`: missing, or without ready endpoint. */
export function defaultBackendBroken(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const workload = controllerWorkload(read, controller);
  const reference = workload ? defaultBackendRef(workload) : null;
  if (!workload || !reference) return [];
  const { flag, key } = reference;
  const health = read.query(serviceHealth, key);
  const isEmpty = health.ports.length > 0 && health.ports.every(({ status }) => status === 'broken');
  if (health.state !== 'missing' && !isEmpty) return [];
  const { namespace, name } = splitKey(key);
  const subject = controllerRef(read, controller);
  const service = refOf('services', namespace, name, object(read, 'services', key)?.uid);
  const what = health.state === 'missing' ? 'does not exist' : 'has no ready endpoint';
  const found = draft({
    code: 'controller-default-backend-broken',
    severity: 'degraded',
    hop: 'controller',
    subject,
    related: [service],
    title: `Controller ${controller.name}: its default backend ${what}`,
    detail: `${flag} names Service ${key}, which ${what}: requests that no rule takes get an error instead of its page`,
    evidence: [
      evidence(subject, `args[${flag}]`, key),
      evidence(service, health.state === 'missing' ? 'metadata.name' : 'endpoints', what),
    ],
    fix: {
      summary: 'Mend the Service, or drop the flag: without it the controller answers 404 itself.',
      look: [sh`kubectl -n ${namespace} get service,endpointslices`, argumentsCommand(controller)],
      managedBy: managedBy(workload),
    },
    holdMs: health.state === 'missing' ? 0 : OBJECT_HOLD_MS,
  });
  return [{ draft: found }];
}

/** `controller-default-cert-missing`: hosts without a certificate of their own get a self-made one. */
export function defaultCertificateMissing(read: Reader, { controller }: ControllerUnit): readonly Found[] {
  const workload = controllerWorkload(read, controller);
  const reference = workload ? defaultCertificateRef(workload) : null;
  if (!workload || !reference) return [];
  const { flag, key } = reference;
  const what = certificateFault(read, key);
  if (what === null) return [];
  const { namespace, name } = splitKey(key);
  const subject = controllerRef(read, controller);
  const secret = refOf('secrets', namespace, name, object(read, 'secrets', key)?.uid);
  const found = draft({
    code: 'controller-default-cert-missing',
    severity: 'degraded',
    hop: 'controller',
    subject,
    related: [secret],
    title: `Controller ${controller.name}: its default certificate ${what}`,
    detail: `${flag} names Secret ${key}; it ${what}: hosts without a certificate of their own get one that no client trusts`,
    evidence: [evidence(subject, `args[${flag}]`, key), evidence(secret, 'data[tls.crt]', what)],
    fix: {
      summary: 'Create the Secret with certificate and key, or correct the flag.',
      look: [sh`kubectl -n ${namespace} get secrets`, argumentsCommand(controller)],
      managedBy: managedBy(workload),
    },
  });
  return [{ draft: found }];
}

/** Null: well, or not known. */
function certificateFault(read: Reader, key: string): string | null {
  const secret = object(read, 'secrets', key);
  if (!secret) {
    const missing = known(read, 'secrets').known || secretFact(read, key)?.state === 'missing';
    return missing ? 'does not exist' : null;
  }
  if (!secret.keys.includes('tls.crt') || !secret.keys.includes('tls.key')) return 'lacks tls.crt or tls.key';
  if (secret.certificateError !== '') return 'is no certificate';
  return secret.certificate?.keyMatches === false ? 'has a key of another certificate' : null;
}
