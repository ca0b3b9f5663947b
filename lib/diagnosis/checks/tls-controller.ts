/** `tls-weak-protocols`, `tls-hsts-off`: TLS settings in a controller's ConfigMap. */
import type { Check, ControllerUnit } from '@/lib/diagnosis/check';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { settingsOf } from '@/lib/diagnosis/tls/fallback';
import type { ConfigMap } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Reader } from '@/lib/state/cells';
import type { Controller } from '@/lib/topology/controllers';
import { object } from '@/lib/topology/reads';
import { workloadRef } from '@/lib/topology/workloads';

/** The settings of these are called alike (their ConfigMap documentation, keys `ssl-protocols` and `hsts`). */
const NGINX = new Set(['ingress-nginx', 'f5-nginx']);
const HSTS = new Set(['ingress-nginx', 'haproxy-ingress']);
const WEAK = new Set(['sslv2', 'sslv3', 'tlsv1', 'tlsv1.0', 'tlsv1.1']);

/** The ConfigMap with a controller's settings; undefined where it has none or it has not been read. */
export function settingsMap(read: Reader, controller: Controller | undefined): ConfigMap | undefined {
  const key = settingsOf(read, controller)?.configMap ?? null;
  return key === null || key === 'unknown' ? undefined : object(read, 'configmaps', key);
}

function patched({ namespace, name }: ConfigMap, data: Readonly<Record<string, string>>): string {
  return sh`kubectl -n ${namespace} patch configmap ${name} --type=merge -p ${JSON.stringify({ data })}`;
}

export const weakProtocols: Check<ControllerUnit> = {
  name: 'tls-weak-protocols',
  run: (read, { controller }) => {
    if (!NGINX.has(controller.type)) return [];
    const map = settingsMap(read, controller);
    const value = map?.data['ssl-protocols'] ?? '';
    const weak = value.split(/\s+/).filter((word) => WEAK.has(word.toLowerCase()));
    if (!map || weak.length === 0) return [];
    const { namespace, name, workload } = controller;
    const subject = refOf('configmaps', map.namespace, map.name, map.uid);
    const found = draft({
      code: 'tls-weak-protocols',
      severity: 'warning',
      impact: 'risk',
      hop: 'tls',
      subject,
      related: [workloadRef(read, namespace, workload ?? { kind: 'Deployment', name })],
      title: `Controller ${name} speaks ${weak.join(', ')}`,
      detail: `ssl-protocols of ${name} allows ${weak.join(', ')}, which are broken and which browsers have given up`,
      evidence: [evidence(subject, 'data[ssl-protocols]', value, map.edited?.at ?? null)],
      fix: {
        summary: 'Leave TLSv1.2 and TLSv1.3.',
        look: [sh`kubectl -n ${map.namespace} get configmap ${map.name} -o yaml`],
        change: [patched(map, { 'ssl-protocols': 'TLSv1.2 TLSv1.3' })],
        managedBy: managedBy(map),
      },
    });
    return [{ draft: found }];
  },
};

export const hstsOff: Check<ControllerUnit> = {
  name: 'tls-hsts-off',
  run: (read, { controller }) => {
    if (!HSTS.has(controller.type)) return [];
    const map = settingsMap(read, controller);
    if (map?.data.hsts?.trim().toLowerCase() !== 'false') return [];
    const { namespace, name, workload } = controller;
    const subject = refOf('configmaps', map.namespace, map.name, map.uid);
    const found = draft({
      code: 'tls-hsts-off',
      severity: 'info',
      impact: 'risk',
      hop: 'tls',
      subject,
      related: [workloadRef(read, namespace, workload ?? { kind: 'Deployment', name })],
      title: `Controller ${name} sends no HSTS header`,
      detail: 'hsts is false, so browsers try plain http first each time',
      evidence: [evidence(subject, 'data[hsts]', map.data.hsts, map.edited?.at ?? null)],
      fix: {
        summary: 'Switch it on once https is stable for all hosts: browsers remember it for months.',
        look: [sh`kubectl -n ${map.namespace} get configmap ${map.name} -o yaml`],
        change: [patched(map, { hsts: 'true' })],
        managedBy: managedBy(map),
      },
    });
    return [{ draft: found }];
  },
};
