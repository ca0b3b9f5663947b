import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { kin, nearest } from '@/lib/diagnosis/edit-distance';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import type { Ingress } from '@/lib/kube/objects';
import { splitKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import { members } from '@/lib/topology/reads';

/**
 * `service-missing`: the backend Service is not in the Ingress' namespace (it cannot cross namespaces). Where the same name
 * exists elsewhere, `service-in-other-namespace` is its cause.
 */
export function serviceMissing(read: Reader, ingress: Ingress, key: string): readonly Draft[] {
  const { namespace, name } = splitKey(key);
  const subject = refOf('services', namespace, name);
  const ingressRef = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const here = members(read, 'services-of-namespace', namespace).map((k) => splitKey(k).name);
  const elsewhere = members(read, 'services-by-name', name).map((k) => splitKey(k).namespace);
  const near = nearest(name, here);
  const alike = near ?? kin(name, here);
  const cause = elsewhere.length > 0 ? inOtherNamespace(ingress, namespace, name, elsewhere) : null;
  const at = backendPath(ingress, name);
  const missing = draft({
    code: 'service-missing',
    severity: 'broken',
    hop: 'service',
    subject,
    cause: cause?.id ?? null,
    related: [ingressRef],
    title: `Service ${name} not found in ${namespace}`,
    detail: `Service ${name} does not exist in namespace ${namespace}${alike ? `; near: ${alike}` : ''}`,
    evidence: [
      evidence(ingressRef, `${at}.service.name`, name),
      evidence(subject, 'metadata.name', 'not found'),
    ],
    fix: {
      summary: near
        ? `Point the Ingress to ${near}, or create Service ${name}.`
        : `Create Service ${name} in ${namespace}, or correct the name in the Ingress.`,
      look: [
        sh`kubectl -n ${namespace} get services`,
        sh`kubectl -n ${namespace} describe ingress ${ingress.name}`,
      ],
      change: near ? [patchBackend(ingress, at, near)] : [],
      managedBy: managedBy(ingress),
    },
  });
  return cause ? [missing, cause] : [missing];
}

function inOtherNamespace(
  ingress: Ingress,
  namespace: string,
  name: string,
  elsewhere: readonly string[],
): Draft {
  const found = elsewhere[0] as string;
  const subject = refOf('services', namespace, name);
  return draft({
    code: 'service-in-other-namespace',
    severity: 'broken',
    hop: 'service',
    subject,
    related: elsewhere.map((other) => refOf('services', other, name)),
    title: `Service ${name} is in ${found}, not in ${namespace}`,
    detail: `an Ingress reaches Services of its own namespace only; ${name} exists in ${elsewhere.join(', ')}`,
    evidence: elsewhere
      .slice(0, 5)
      .map((other) => evidence(refOf('services', other, name), 'metadata.namespace', other)),
    fix: {
      summary: `Move the Ingress to ${found}, or give ${namespace} a Service of that name (an ExternalName alias, where the controller allows it).`,
      look: [sh`kubectl get service -A --field-selector metadata.name=${name}`],
      change: [
        sh`kubectl -n ${namespace} create service externalname ${name} --external-name ${`${name}.${found}.svc.cluster.local`}`,
      ],
      managedBy: managedBy(ingress),
    },
  });
}

/** JSON path of the first backend that names a Service (and that port of it), as evidence and patches cite it. */
export function backendPath(ingress: Ingress, service: string, port?: number | string | null): string {
  for (const [i, rule] of ingress.rules.entries()) {
    const j = rule.paths.findIndex(
      ({ backend }) =>
        backend?.type === 'service' &&
        backend.name === service &&
        (port === undefined || backend.port === port),
    );
    if (j >= 0) return `spec.rules[${i}].http.paths[${j}].backend`;
  }
  return 'spec.defaultBackend';
}

function patchBackend(ingress: Ingress, at: string, name: string): string {
  const pointer = `/${at.replaceAll('.', '/').replace(/\[(\d+)\]/g, '/$1')}/service/name`;
  const patch = JSON.stringify([{ op: 'replace', path: pointer, value: name }]);
  return sh`kubectl -n ${ingress.namespace} patch ingress ${ingress.name} --type=json -p ${patch}`;
}
