/** Hints about a Service's endpoints: readiness that is hidden, addresses by hand, all eggs in one basket. */
import type { Check, Found, ServiceUnit } from '@/lib/diagnosis/check';
import { type Draft, draft, evidence } from '@/lib/diagnosis/draft';
import { managedBy } from '@/lib/diagnosis/managed-by';
import { serviceRef } from '@/lib/diagnosis/port-context';
import { sh } from '@/lib/diagnosis/shell';
import { kept } from '@/lib/kube/kept';
import { objectKey } from '@/lib/kube/refs';
import { refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { type JoinedEndpoint, readEndpoints } from '@/lib/topology/endpoints';
import { known, members, object } from '@/lib/topology/reads';
import { endpointsOf, harmed } from './service-unit';

/** `endpoints-not-ready-published`: publishNotReadyAddresses is for peers that look for each other, not for traffic from outside. */
export const notReadyPublished: Check<ServiceUnit> = {
  name: 'endpoints-not-ready-published',
  run: (_read, { service, live }) => {
    if (!service.publishNotReadyAddresses || service.type === 'ExternalName' || live.length === 0) return [];
    const ref = serviceRef(service);
    const patch = JSON.stringify({ spec: { publishNotReadyAddresses: false } });
    const found = draft({
      code: 'endpoints-not-ready-published',
      severity: 'warning',
      impact: 'risk',
      hop: 'endpoints',
      subject: ref,
      title: `Service ${service.name} sends requests to pods that are not ready`,
      detail: `Service ${service.name} publishes addresses that are not ready, and live rules lead to it: pods that start or fail get requests too`,
      evidence: [evidence(ref, 'spec.publishNotReadyAddresses', true)],
      fix: {
        summary: 'Give the rules a Service of their own without publishNotReadyAddresses.',
        look: [sh`kubectl -n ${service.namespace} get service ${service.name} -o yaml`],
        change: [sh`kubectl -n ${service.namespace} patch service ${service.name} -p ${patch}`],
        managedBy: managedBy(service),
      },
    });
    return [{ draft: found }];
  },
};

const LOCAL = /^(127\.|169\.254\.|::1$|fe[89ab][0-9a-f]:)/i;

/**
 * `endpoints-manual-suspicious`: addresses kept by hand that no proxy can serve: loopback, link-local, or the virtual address
 * of another Service (kubernetes.io "Services without selectors": kube-proxy does not support them as destinations).
 */
export const manualSuspicious: Check<ServiceUnit> = {
  name: 'endpoints-manual-suspicious',
  run: (read, unit) => {
    if (!known(read, 'endpointslices').known) return [];
    const all = readEndpoints(read, unit.key);
    if (unit.service.selector !== null && !all.managedByHand) return [];
    const odd = all.endpoints.flatMap((endpoint) => {
      const why = endpoint.pod === null ? oddity(read, endpoint) : null;
      return why === null ? [] : [`${endpoint.address}: ${why}`];
    });
    return odd.length === 0 ? [] : [{ draft: suspicious(unit, odd), status: 'warning' }];
  },
};

function oddity(read: Reader, { address }: JoinedEndpoint): string | null {
  if (LOCAL.test(address)) return 'an address that means each host itself';
  const [owner] = members(read, 'services-by-ip', address);
  return owner === undefined ? null : `the cluster address of Service ${owner}`;
}

function suspicious(unit: ServiceUnit, odd: readonly string[]): Draft {
  const { service } = unit;
  return draft({
    code: 'endpoints-manual-suspicious',
    severity: 'warning',
    hop: 'endpoints',
    subject: serviceRef(service),
    affects: harmed(unit),
    title: `Service ${service.name} has an endpoint that cannot serve`,
    detail: `an EndpointSlice kept by hand leads to ${odd[0]}`,
    evidence: odd
      .slice(0, 3)
      .map((text) =>
        evidence(
          serviceRef(service),
          `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[].addresses`,
          text,
        ),
      ),
    fix: {
      summary: 'Put the address of what really serves into the EndpointSlice.',
      look: [
        sh`kubectl -n ${service.namespace} get endpointslices -l kubernetes.io/service-name=${service.name} -o yaml`,
      ],
      managedBy: managedBy(service),
    },
  });
}

/** Whether pods could be spread at all: two nodes are ready and take pods. */
const canSpread: Query<boolean> = {
  name: 'can-spread',
  level: 1,
  compute: (read) =>
    known(read, 'nodes').known &&
    members(read, 'nodes-all', '').filter((key) => {
      const node = object(read, 'nodes', key);
      return node?.ready && !node.unschedulable;
    }).length >= 2,
};

/**
 * `endpoints-one-node`: two or more ready endpoints, all on one node of several. One finding a namespace: drafts of one id are
 * merged, and what they are related to is joined.
 */
export const oneNode: Check<ServiceUnit> = {
  name: 'endpoints-one-node',
  run: (read, unit): readonly Found[] => {
    const ready = kept(endpointsOf(read, unit.key), (endpoint) => endpoint.ready && !endpoint.terminating);
    const node = ready[0]?.node ?? '';
    if (ready.length < 2 || node === '' || ready.some((endpoint) => endpoint.node !== node)) return [];
    if (!read.query(canSpread, '')) return [];
    return [{ draft: oneNodeDraft(read, unit, node, ready.length) }];
  },
};

function oneNodeDraft(read: Reader, { service }: ServiceUnit, node: string, count: number): Draft {
  const { namespace } = service;
  const home = object(read, 'namespaces', objectKey('', namespace));
  return draft({
    code: 'endpoints-one-node',
    severity: 'info',
    impact: 'risk',
    hop: 'endpoints',
    subject: refOf('namespaces', '', namespace, home?.uid),
    related: [serviceRef(service)],
    title: `${namespace}: Services with all endpoints on one node`,
    detail: 'Services behind live rules have several endpoints, all on one node: they fail together with it',
    evidence: [
      evidence(
        serviceRef(service),
        `endpointslices[kubernetes.io/service-name=${service.name}].endpoints[].nodeName`,
        `${node}, ${count} times`,
      ),
    ],
    fix: {
      summary: 'Spread the pods over nodes by topologySpreadConstraints or anti-affinity.',
      look: [sh`kubectl -n ${namespace} get pods -o wide`],
    },
  });
}
