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
import { admissionWebhooks } from './checks/admission-webhook';
import { sameClassTwice } from './checks/controller-class-twice';
import {
  clientAddressHidden,
  controllerNodePortLocal,
  entryPortMissing,
  exposedByHostPort,
  serviceNodePortLocal,
} from './checks/controller-entry';
import { logComplaints, upstreamErrors } from './checks/controller-logs';
import {
  configMapMissing,
  defaultBackendBroken,
  defaultCertificateMissing,
} from './checks/controller-references';
import { notConfirmed, reloadFailed } from './checks/controller-reload';
import { oomKilled, rolloutStuck } from './checks/controller-rollout';
import { streamsBroken } from './checks/controller-streams';
import { removedFlags, versionUntested } from './checks/controller-versions';
import { notCovered, recordConflict, targetOverride } from './checks/external-dns';
import { statusEmpty, statusStale } from './checks/ingress-status';
import { ingressSyncError } from './checks/load-balancer-events';
import { localGap } from './checks/local-gap';
import { gceBackends, shutGates } from './checks/target-health';
import { leadController } from './lead-controller';

const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [
  { name: 'controller-reload-failed', run: notConfirmed },
  { name: 'lb-sync-error', run: ingressSyncError },
  { name: 'lb-gce-backend-unhealthy', run: gceBackends },
  { name: 'ingress-status-empty', run: statusEmpty },
  { name: 'ingress-status-stale', run: statusStale },
  { name: 'controller-service-port-missing', run: entryPortMissing },
  { name: 'lb-etp-cluster-client-ip', run: clientAddressHidden },
  { name: 'dns-externaldns-target-override', run: targetOverride },
];
const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [
  { name: 'readiness-gates', run: shutGates },
  { name: 'nodeport-etp-local', run: serviceNodePortLocal },
];
const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [
  { name: 'controller-reload-failed', run: reloadFailed },
  { name: 'controller-oom-killed', run: oomKilled },
  { name: 'controller-rollout-stuck', run: rolloutStuck },
  { name: 'controller-log', run: logComplaints },
  { name: 'controller-log-upstream-error', run: upstreamErrors },
  { name: 'controller-configmap-missing', run: configMapMissing },
  { name: 'controller-default-backend-broken', run: defaultBackendBroken },
  { name: 'controller-default-cert-missing', run: defaultCertificateMissing },
  { name: 'controller-tcp-udp-ref-broken', run: streamsBroken },
  { name: 'controller-removed-flag', run: removedFlags },
  { name: 'controller-k8s-version-unsupported', run: versionUntested },
  { name: 'controller-same-class-twice', run: sameClassTwice },
  { name: 'controller-exposed-by-hostport', run: exposedByHostPort },
  { name: 'nodeport-etp-local', run: controllerNodePortLocal },
];
const HOST_CHECKS: readonly Check<HostUnit>[] = [
  { name: 'lb-etp-local-gap', run: localGap },
  { name: 'dns-externaldns-not-covering', run: notCovered },
  { name: 'dns-externaldns-conflict', run: recordConflict },
];
const CLUSTER_CHECKS: readonly Check<null>[] = [{ name: 'admission-webhook', run: admissionWebhooks }];

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
