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
import { bothSet, removedAnnotation } from './checks/class-annotations';
import { noDefaultClass, severalDefaultClasses, severalForAlb } from './checks/class-defaults';
import { controllerPaths, legacyAnnotations, unusedClasses } from './checks/class-hints';
import { classParams } from './checks/class-params';
import { foreignAnnotations } from './checks/foreign-annotations';
import { albActionMissing, albActionTarget } from './checks/rule-alb';
import { albGroupConflict } from './checks/rule-alb-group';
import { authUrl } from './checks/rule-auth';
import { authSecrets } from './checks/rule-auth-secret';
import { canaryOrphan, canaryWeight } from './checks/rule-canary';
import { ruleConflicts } from './checks/rule-conflicts';
import { severalDefaults } from './checks/rule-default-backend';
import { noDefault } from './checks/rule-error-pages';
import { complaints } from './checks/rule-events';
import { acrossNamespaces, otherClass } from './checks/rule-host-claims';
import { emptyHost, wildcardHost } from './checks/rule-hosts';
import { mergeableOrphan } from './checks/rule-mergeable';
import { ingressMissing, wildcardDepth } from './checks/rule-names';
import { gceExact, prefixBoundary } from './checks/rule-path-hints';
import { suspectExact, wildcardPath } from './checks/rule-paths';
import { protocolMismatch } from './checks/rule-protocol';
import { redirectLoop } from './checks/rule-redirect-loop';
import { regexInvalid, regexSpillover } from './checks/rule-regex';
import { regexMismatch } from './checks/rule-regex-mismatch';
import { resourceMissing, resourceUnsupported } from './checks/rule-resource';
import { rewriteNoCapture, rewriteOutOfRange } from './checks/rule-rewrite';
import { hostInvalid, hostWithoutHttp, ingressEmpty } from './checks/rule-shape';
import { leadController } from './lead-controller';

/** Of checks that depend on the product: where nobody serves the Ingress for certain, no controller is claimed to. */
function served(run: Check<IngressUnit>['run']): Check<IngressUnit>['run'] {
  return (read, unit) =>
    run(read, unit.served.controllers.length > 0 ? unit : { ...unit, controller: undefined });
}

const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [
  { name: 'ingress-class-both-set', run: bothSet },
  { name: 'ingress-class-default-multiple', run: served(severalForAlb) },
  { name: 'ingress-class-params', run: served(classParams) },
  { name: 'ingress-removed-annotation', run: served(removedAnnotation) },
  { name: 'ingress-empty', run: ingressEmpty },
  { name: 'ingress-missing', run: served(ingressMissing) },
  { name: 'rule-conflicts', run: ruleConflicts },
  { name: 'rule-host-without-http', run: hostWithoutHttp },
  { name: 'rule-host-invalid', run: hostInvalid },
  { name: 'rule-wildcard-depth', run: served(wildcardDepth) },
  { name: 'rule-pathtype-regex-mismatch', run: served(regexMismatch) },
  { name: 'rule-pathtype-wildcard', run: served(wildcardPath) },
  { name: 'rule-pathtype-exact-suspect', run: served(suspectExact) },
  { name: 'rule-pathtype-implspecific', run: served(gceExact) },
  { name: 'rule-prefix-boundary', run: served(prefixBoundary) },
  { name: 'rule-rewrite-no-capture', run: served(rewriteNoCapture) },
  { name: 'rule-rewrite-capture-out-of-range', run: served(rewriteOutOfRange) },
  { name: 'rule-regex-invalid', run: served(regexInvalid) },
  { name: 'rule-regex-spillover', run: served(regexSpillover) },
  { name: 'rule-default-backend-none', run: served(noDefault) },
  { name: 'rule-canary-orphan', run: served(canaryOrphan) },
  { name: 'rule-canary-weight', run: served(canaryWeight) },
  { name: 'rule-mergeable-orphan', run: served(mergeableOrphan) },
  { name: 'rule-auth-url-broken', run: served(authUrl) },
  { name: 'rule-auth-secret-broken', run: served(authSecrets) },
  { name: 'rule-backend-protocol-mismatch', run: served(protocolMismatch) },
  { name: 'rule-redirect-loop-risk', run: served(redirectLoop) },
  { name: 'rule-annotation-invalid', run: complaints },
  { name: 'rule-resource-backend-unsupported', run: served(resourceUnsupported) },
  { name: 'rule-resource-backend-missing', run: served(resourceMissing) },
  { name: 'rule-alb-action-missing', run: served(albActionMissing) },
  { name: 'rule-alb-action-target-missing', run: served(albActionTarget) },
  { name: 'rule-alb-group-conflict', run: served(albGroupConflict) },
];
const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [];
const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [];
const HOST_CHECKS: readonly Check<HostUnit>[] = [
  { name: 'rule-host-across-namespaces', run: acrossNamespaces },
  { name: 'rule-duplicate-host-other-class', run: otherClass },
  { name: 'rule-host-wildcard', run: wildcardHost },
  { name: 'rule-host-empty', run: emptyHost },
  { name: 'rule-default-backend-multiple', run: severalDefaults },
];
const CLUSTER_CHECKS: readonly Check<null>[] = [
  { name: 'ingress-class-legacy-annotation', run: (read) => read.query(legacyAnnotations, '') },
  { name: 'ingress-class-default-multiple', run: (read) => read.query(severalDefaultClasses, '') },
  { name: 'ingress-class-default-none', run: (read) => read.query(noDefaultClass, '') },
  { name: 'ingress-class-unused', run: (read) => read.query(unusedClasses, '') },
  { name: 'ingress-foreign-annotations', run: foreignAnnotations },
  { name: 'rule-pathtype-implspecific', run: (read) => read.query(controllerPaths, '') },
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
