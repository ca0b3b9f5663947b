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
import { type Found, runChecks } from './check';
import { leadController } from './lead-controller';
import { CLUSTER_CHECKS } from './registry/cluster-checks';
import { CONTROLLER_CHECKS } from './registry/controller-checks';
import { HOST_CHECKS } from './registry/host-checks';
import { INGRESS_CHECKS } from './registry/ingress-checks';
import { NAMESPACE_CHECKS } from './registry/namespace-checks';
import { SERVICE_CHECKS } from './registry/service-checks';

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

/** What checks found at a namespace that has Ingresses or policies. */
export const namespaceChecks: Query<readonly Found[]> = {
  name: 'namespace-checks',
  level: 9,
  compute: (read, namespace) => {
    const workloads = read.query(backendWorkloads, namespace);
    return runChecks(read, NAMESPACE_CHECKS, { namespace, workloads }, namespace);
  },
};

/** What concerns the cluster as a whole. */
export function clusterFindings(read: Reader): readonly Found[] {
  return runChecks(read, CLUSTER_CHECKS, null, '');
}
