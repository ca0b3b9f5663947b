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
import { noDisruptionBudget, noSpread } from './checks/best-practice-disruption';
import { gatewayMigration, oddTimeouts } from './checks/best-practice-ingress';
import { noAutoscaler, singleReplica } from './checks/best-practice-replicas';
import { manyLoadBalancers, nodePortBehindIngress } from './checks/best-practice-services';
import { noProbes, noResources } from './checks/best-practice-template';
import { adminUnrestricted } from './checks/security-admin';
import { allowListOpen, basicAuthPlain, corsWildcard } from './checks/security-annotations';
import { privileged } from './checks/security-container';
import { databaseBehindRule, databaseOnBalancer } from './checks/security-database';
import { externalIps, inDefaultNamespace, metadataExposed } from './checks/security-external';
import { imageOutdated, imageUnpinned } from './checks/security-image';
import { nginxAdvisories } from './checks/security-nginx-cve';
import { nginxCoreAdvisories, nginxEndOfLife } from './checks/security-nginx-end';
import { dashboardInsecure, internalPortPublic } from './checks/security-ports';
import { forwardedHeadersTrusted, tcpServicesSensitive } from './checks/security-settings';
import { snippetsOpen, validationOff } from './checks/security-snippets';
import { snippetsUsed } from './checks/security-snippets-used';
import { noFirewall } from './checks/security-waf';
import { webhookExposed } from './checks/security-webhook';
import { leadController } from './lead-controller';

const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [
  { name: 'admin-endpoint-unrestricted', run: adminUnrestricted },
  { name: 'allowlist-open', run: allowListOpen },
  { name: 'basic-auth-without-tls', run: basicAuthPlain },
  { name: 'cors-wildcard-credentials', run: corsWildcard },
];
const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [
  { name: 'db-exposed-via-lb', run: databaseOnBalancer },
  { name: 'db-exposed-via-ingress', run: databaseBehindRule },
  { name: 'externalname-metadata-ssrf', run: metadataExposed },
];
const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [
  { name: 'nginx-eol', run: nginxEndOfLife },
  { name: 'nginx-cve', run: nginxAdvisories },
  { name: 'nginx-core-cve', run: nginxCoreAdvisories },
  { name: 'controller-image-outdated', run: imageOutdated },
  { name: 'controller-image-unpinned', run: imageUnpinned },
  { name: 'controller-snippets-allowed', run: snippetsOpen },
  { name: 'controller-annotation-validation-off', run: validationOff },
  { name: 'admission-webhook-exposed', run: webhookExposed },
  { name: 'controller-internal-port-public', run: internalPortPublic },
  { name: 'traefik-dashboard-insecure', run: dashboardInsecure },
  { name: 'controller-privileged', run: privileged },
  { name: 'forwarded-headers-trusted', run: forwardedHeadersTrusted },
  { name: 'tcp-services-sensitive', run: tcpServicesSensitive },
  { name: 'no-waf', run: noFirewall },
  { name: 'controller-single-replica', run: singleReplica },
  { name: 'controller-no-pdb', run: noDisruptionBudget },
  { name: 'controller-no-spread', run: noSpread },
  { name: 'controller-no-hpa', run: noAutoscaler },
  { name: 'controller-no-resources', run: noResources },
  { name: 'controller-no-probes', run: noProbes },
];
const HOST_CHECKS: readonly Check<HostUnit>[] = [];
const CLUSTER_CHECKS: readonly Check<null>[] = [
  { name: 'ingress-snippet-used', run: snippetsUsed },
  { name: 'service-external-ips', run: externalIps },
  { name: 'ingress-in-default-namespace', run: inDefaultNamespace },
  { name: 'nodeport-behind-ingress', run: nodePortBehindIngress },
  { name: 'many-loadbalancers', run: manyLoadBalancers },
  { name: 'service-sub-minimum-timeouts', run: oddTimeouts },
  { name: 'gateway-migration-blockers', run: gatewayMigration },
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
