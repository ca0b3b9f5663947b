/** Why external-dns does not make the record that is missing, and who argues with it. */
import {
  type ExternalDns,
  externalDnsAnnotation,
  leftOutBy,
  readExternalDns,
} from '@/lib/controllers/external-dns';
import type { Found, HostUnit, IngressUnit } from '@/lib/diagnosis/check';
import { dnsVerdict } from '@/lib/diagnosis/dns-verdict';
import { CLOUD_HOLD_MS, draft, evidence, OBJECT_HOLD_MS } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { sh } from '@/lib/diagnosis/shell';
import { affected } from '@/lib/diagnosis/symptoms';
import type { Ingress } from '@/lib/kube/objects';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { classNameOf } from '@/lib/topology/entries';
import { addressesOf, exposure } from '@/lib/topology/exposure';
import { members, object } from '@/lib/topology/reads';
import { workloadMember } from '@/lib/topology/workloads';

/** Every instance that runs here; a record may also be made by hand, or from another cluster. */
const instances: Query<readonly ExternalDns[]> = {
  name: 'external-dns',
  level: 1,
  compute: (read) =>
    members(read, 'external-dns-workloads', '').flatMap((member) => {
      const workload = workloadMember(read, member);
      return (workload && workload.replicas > 0 && readExternalDns(workload)) || [];
    }),
};

function hostRef(host: string) {
  return { group: '', version: '', resource: '', kind: 'Host', namespace: '', name: host };
}

function ingressesOf(read: Reader, host: string): readonly Ingress[] {
  return members(read, 'ingresses-by-host', host).flatMap((key) => object(read, 'ingresses', key) ?? []);
}

/** The three of `dns-externaldns-*` that explain a name without record: told only where the record is missing. */
export function notCovered(read: Reader, { host }: HostUnit): readonly Found[] {
  const running = read.query(instances, '');
  if (running.length === 0 || host === '') return [];
  const { state } = read.query(dnsVerdict, host);
  if (state !== 'unresolved' && state !== 'unresolved-in-one-view') return [];
  const reasons = ingressesOf(read, host).map((ingress) => reasonOf(running, host.toLowerCase(), ingress));
  const [first] = reasons;
  // One Ingress that is taken is enough for a record.
  return first && reasons.every((reason) => reason !== null) ? [{ draft: explained(host, first) }] : [];
}

interface Reason {
  readonly code: string;
  readonly ingress: Ingress;
  readonly words: string;
  readonly fix: string;
}

function reasonOf(running: readonly ExternalDns[], host: string, ingress: Ingress): Reason | null {
  const { annotations } = ingress;
  const controller = externalDnsAnnotation(annotations, 'controller');
  if (controller !== undefined && controller !== 'dns-controller')
    return {
      code: 'dns-externaldns-controller-mismatch',
      ingress,
      words: `its annotation controller is ${controller}, so external-dns passes it by`,
      fix: 'Set the annotation to dns-controller, or drop it.',
    };
  const source = externalDnsAnnotation(annotations, 'ingress-hostname-source');
  if (source === 'annotation-only' && externalDnsAnnotation(annotations, 'hostname') === undefined)
    return {
      code: 'dns-externaldns-hostname-source',
      ingress,
      words:
        'its annotation ingress-hostname-source is annotation-only, and no annotation hostname names one',
      fix: 'Add the annotation hostname, or drop ingress-hostname-source.',
    };
  const flags = running.map((instance) => leftOutBy(instance, host, ingress, classNameOf(ingress)));
  if (flags.includes(null)) return null;
  const told = running.map(({ namespace, name }, i) => `${namespace}/${name}: ${flags[i]}`).join('; ');
  return {
    code: 'dns-externaldns-not-covering',
    ingress,
    words: `no external-dns here looks after it (${told})`,
    fix: 'Widen the flag that leaves it out, or make the record by hand.',
  };
}

function explained(host: string, { code, ingress, words, fix }: Reason) {
  const ref = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  return draft({
    code,
    severity: 'warning',
    hop: 'dns',
    subject: hostRef(host),
    related: [ref],
    title: `external-dns makes no record for ${host}`,
    detail: `Ingress ${ingress.namespace}/${ingress.name}: ${words}`,
    evidence: [evidence(ref, 'external-dns', words)],
    fix: {
      summary: fix,
      look: [
        sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`,
        'kubectl get deployments,daemonsets,statefulsets -A',
      ],
      managedBy: managedBy(ingress),
    },
    holdMs: OBJECT_HOLD_MS,
  });
}

/** `dns-externaldns-target-override`: the record leads elsewhere on purpose; one finding for a target. */
export function targetOverride(read: Reader, { ingress, controller }: IngressUnit): readonly Found[] {
  const target = externalDnsAnnotation(ingress.annotations, 'target')?.trim().toLowerCase() ?? '';
  if (target === '' || read.query(instances, '').length === 0) return [];
  const own = [
    ...addressesOf(ingress.addresses),
    ...(controller
      ? read.query(exposure, controller.id).loadBalancers.flatMap(({ addresses }) => addresses)
      : []),
  ];
  if (own.length === 0 || target.split(',').some((entry) => own.includes(entry.trim()))) return [];
  const ref = refOf('ingresses', ingress.namespace, ingress.name, ingress.uid);
  const found = draft({
    code: 'dns-externaldns-target-override',
    severity: 'info',
    impact: 'risk',
    hop: 'dns',
    subject: hostRef(target.slice(0, 253)),
    related: [ref],
    title: `external-dns is told to let names lead to ${target.slice(0, 253)}`,
    detail:
      'the annotation target takes the place of the load balancer’s address; a CDN in front is the usual reason',
    evidence: [evidence(ref, 'metadata.annotations[external-dns target]', target)],
    fix: {
      summary: 'Nothing to mend if it is meant so.',
      look: [sh`kubectl -n ${ingress.namespace} get ingress ${ingress.name} -o yaml`],
    },
  });
  return [{ draft: found }];
}

/** `dns-externaldns-conflict`: two Ingresses want the same name at different addresses, and nothing tells them apart. */
export function recordConflict(read: Reader, { host, rules }: HostUnit): readonly Found[] {
  const running = read.query(instances, '');
  if (running.length === 0 || host === '' || rules.length < 2) return [];
  const wanted = ingressesOf(read, host).filter(
    (ingress) =>
      ingress.addresses.length > 0 &&
      externalDnsAnnotation(ingress.annotations, 'set-identifier') === undefined &&
      externalDnsAnnotation(ingress.annotations, 'target') === undefined &&
      reasonOf(running, host.toLowerCase(), ingress) === null,
  );
  const targets = new Map(
    wanted.map((ingress) => [addressesOf(ingress.addresses).toSorted().join(', '), ingress]),
  );
  if (targets.size < 2) return [];
  const owners = [...targets.values()];
  const found = draft({
    code: 'dns-externaldns-conflict',
    severity: 'degraded',
    hop: 'dns',
    subject: hostRef(host),
    related: owners.map((ingress) => refOf('ingresses', ingress.namespace, ingress.name, ingress.uid)),
    affects: affected(
      rules.map(({ rule }) => rule),
      null,
    ),
    title: `Ingresses at different addresses claim the record of ${host}`,
    detail: `external-dns can write one of them only: ${[...targets].map(([address, { namespace, name }]) => `${namespace}/${name} at ${address}`).join('; ')}`,
    evidence: [...targets].map(([address, ingress]) =>
      evidence(
        refOf('ingresses', ingress.namespace, ingress.name, ingress.uid),
        'status.loadBalancer.ingress',
        address,
      ),
    ),
    fix: {
      summary: 'Keep one owner of the name, or give each a set-identifier with weights.',
      look: owners
        .slice(0, 3)
        .map(({ namespace, name }) => sh`kubectl -n ${namespace} get ingress ${name} -o yaml`),
    },
    holdMs: CLOUD_HOLD_MS,
  });
  return [{ draft: found, status: 'degraded' }];
}
