/** Every check beside those that judge the links themselves, by the unit that it looks at. */
import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from '@/lib/topology/controllers';
import { isExposed } from '@/lib/topology/entries';
import { controllerServices } from '@/lib/topology/exposure';
import { hostRules, liveRules } from '@/lib/topology/hosts';
import { object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import { backendWorkloads } from './backend-workloads';
import {
  type Check,
  type ControllerUnit,
  type Found,
  type HostUnit,
  type IngressUnit,
  type NamespaceUnit,
  runChecks,
  type ServiceUnit,
} from './check';
import { balancerMode } from './checks/balancer-mode';
import { manualSuspicious, notReadyPublished, oneNode } from './checks/endpoint-notes';
import { endpointsStale } from './checks/endpoints-stale';
import { externalBackends } from './checks/external-backend';
import { noReadinessProbe, singleReplica } from './checks/namespace-workloads';
import { probePortUndeclared, targetPortUndeclared } from './checks/pod-ports';
import { portInconsistent } from './checks/port-inconsistent';
import { portProtocol } from './checks/port-protocol';
import { rolloutStuck } from './checks/rollout-stuck';
import { duplicateSelector, selectorTooBroad } from './checks/selector-twins';
import { serviceSelectorless, serviceTerminating } from './checks/service-kind';
import { serviceNodes } from './checks/service-nodes';
import { servicePodsOom, terminatingStuck } from './checks/service-pods';
import { leadController } from './lead-controller';

const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [externalBackends, balancerMode, portProtocol];
const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [
  rolloutStuck,
  serviceNodes,
  servicePodsOom,
  terminatingStuck,
  endpointsStale,
  notReadyPublished,
  manualSuspicious,
  oneNode,
  portInconsistent,
  serviceTerminating,
  serviceSelectorless,
  selectorTooBroad,
  duplicateSelector,
  targetPortUndeclared,
  probePortUndeclared,
];
const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [];
const HOST_CHECKS: readonly Check<HostUnit>[] = [];
const NAMESPACE_CHECKS: readonly Check<NamespaceUnit>[] = [noReadinessProbe, singleReplica];
const CLUSTER_CHECKS: readonly Check<null>[] = [];

const NOTHING: readonly Found[] = [];

/** What checks found at an Ingress (key `NS/NAME`). */
export const ingressChecks: Query<readonly Found[]> = {
  name: 'ingress-checks',
  level: 9,
  compute: (read, key) => {
    const ingress = object(read, 'ingresses', key);
    if (!ingress) return NOTHING;
    const rules = read.query(ingressRules, key);
    const served = read.query(serving, key);
    const unit = { key, ingress, rules, served, controller: leadController(read, key) };
    return runChecks(read, INGRESS_CHECKS, unit, key);
  },
};

/** What checks found at a Service that something from outside reaches. */
export const serviceChecks: Query<readonly Found[]> = {
  name: 'service-checks',
  level: 9,
  compute: (read, key) => {
    const service = object(read, 'services', key);
    if (!service) return NOTHING;
    const direct = isExposed(service) && !read.query(controllerServices, '').includes(key);
    return runChecks(read, SERVICE_CHECKS, { key, service, live: read.query(liveRules, key), direct }, key);
  },
};

/** What checks found at a controller that runs in the cluster. */
export const controllerChecks: Query<readonly Found[]> = {
  name: 'controller-checks',
  level: 9,
  compute: (read, id) => {
    const controller = controllerById(read, id);
    return controller ? runChecks(read, CONTROLLER_CHECKS, { id, controller }, id) : NOTHING;
  },
};

/** What checks found at a host name; '' is every host. */
export const hostChecks: Query<readonly Found[]> = {
  name: 'host-checks',
  level: 9,
  compute: (read, host) => runChecks(read, HOST_CHECKS, { host, rules: read.query(hostRules, host) }, host),
};

/** What checks found at a namespace that has Ingresses. */
export const namespaceChecks: Query<readonly Found[]> = {
  name: 'namespace-checks',
  level: 9,
  compute: (read, namespace) => {
    const workloads = read.query(backendWorkloads, namespace);
    return workloads.length === 0
      ? NOTHING
      : runChecks(read, NAMESPACE_CHECKS, { namespace, workloads }, namespace);
  },
};

/** What concerns the cluster as a whole. */
export function clusterFindings(read: Reader): readonly Found[] {
  return runChecks(read, CLUSTER_CHECKS, null, '');
}
