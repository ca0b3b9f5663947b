/** Every check beside those that judge the links themselves, by the unit that it looks at. */
import type { Query, Reader } from '@/lib/state/cells';
import { controllerById } from '@/lib/topology/controllers';
import { isExposed } from '@/lib/topology/entries';
import { controllerServices } from '@/lib/topology/exposure';
import { hostRules, liveRules } from '@/lib/topology/hosts';
import { object } from '@/lib/topology/reads';
import { ingressRules } from '@/lib/topology/rules';
import { serving } from '@/lib/topology/serving';
import {
  type Check,
  type ControllerUnit,
  type Found,
  type HostUnit,
  type IngressUnit,
  runChecks,
  type ServiceUnit,
} from './check';
import { networkPolicyToBackends } from './checks/networkpolicy-backend';
import { networkPolicyToCloud } from './checks/networkpolicy-cloud';
import { networkPolicyForeign, networkPolicyUnenforced } from './checks/networkpolicy-cluster';
import { doorOfController, doorOfIngress } from './checks/networkpolicy-door';
import { networkPolicyHygiene } from './checks/networkpolicy-namespace';
import { networkPolicyToDns, networkPolicyToWebhook } from './checks/networkpolicy-services';
import { controllerAccounts } from './checks/rbac-account';
import { broadIngressWriters, dashboardLimited } from './checks/rbac-cluster';
import { controllerPowers } from './checks/rbac-controller';
import { missingPermission } from './checks/rbac-needs';
import { leadController } from './lead-controller';

const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [
  { name: 'networkpolicy-backend', run: networkPolicyToBackends },
  { name: 'networkpolicy-door', run: doorOfIngress },
  { name: 'networkpolicy-cloud', run: networkPolicyToCloud },
];
const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [];
const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [
  { name: 'networkpolicy-door', run: doorOfController },
  { name: 'networkpolicy-webhook', run: networkPolicyToWebhook },
  { name: 'networkpolicy-dns', run: networkPolicyToDns },
  { name: 'rbac-account', run: controllerAccounts },
  { name: 'rbac-powers', run: controllerPowers },
  { name: 'rbac-needs', run: missingPermission },
];
const HOST_CHECKS: readonly Check<HostUnit>[] = [];
const CLUSTER_CHECKS: readonly Check<null>[] = [
  { name: 'networkpolicy-namespace', run: networkPolicyHygiene },
  { name: 'networkpolicy-unenforced', run: networkPolicyUnenforced },
  { name: 'networkpolicy-foreign', run: networkPolicyForeign },
  { name: 'rbac-ingress-writers', run: broadIngressWriters },
  { name: 'rbac-dashboard', run: dashboardLimited },
];

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

/** What concerns the cluster as a whole. */
export function clusterFindings(read: Reader): readonly Found[] {
  return runChecks(read, CLUSTER_CHECKS, null, '');
}
