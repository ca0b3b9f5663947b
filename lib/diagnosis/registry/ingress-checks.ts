/** Checks of one Ingress. */
import type { Check, IngressUnit } from '@/lib/diagnosis/check';
import { balancerMode } from '@/lib/diagnosis/checks/balancer-mode';
import { annotationNoTls } from '@/lib/diagnosis/checks/cert-manager-ingress';
import { bothSet, removedAnnotation } from '@/lib/diagnosis/checks/class-annotations';
import { severalForAlb } from '@/lib/diagnosis/checks/class-defaults';
import { classParams } from '@/lib/diagnosis/checks/class-params';
import { clientAddressHidden, entryPortMissing } from '@/lib/diagnosis/checks/controller-entry';
import { notConfirmed } from '@/lib/diagnosis/checks/controller-reload';
import { externalBackends } from '@/lib/diagnosis/checks/external-backend';
import { targetOverride } from '@/lib/diagnosis/checks/external-dns';
import { statusEmpty, statusStale } from '@/lib/diagnosis/checks/ingress-status';
import { ingressSyncError } from '@/lib/diagnosis/checks/load-balancer-events';
import { strictMutualTls } from '@/lib/diagnosis/checks/mesh-mtls';
import { networkPolicyToBackends } from '@/lib/diagnosis/checks/networkpolicy-backend';
import { networkPolicyToCloud } from '@/lib/diagnosis/checks/networkpolicy-cloud';
import { doorOfIngress } from '@/lib/diagnosis/checks/networkpolicy-door';
import { policiesOfOthers } from '@/lib/diagnosis/checks/networkpolicy-others';
import { portProtocol } from '@/lib/diagnosis/checks/port-protocol';
import { albActionMissing, albActionTarget } from '@/lib/diagnosis/checks/rule-alb';
import { albGroupConflict } from '@/lib/diagnosis/checks/rule-alb-group';
import { authUrl } from '@/lib/diagnosis/checks/rule-auth';
import { authSecrets } from '@/lib/diagnosis/checks/rule-auth-secret';
import { canaryOrphan, canaryWeight } from '@/lib/diagnosis/checks/rule-canary';
import { ruleConflicts } from '@/lib/diagnosis/checks/rule-conflicts';
import { noDefault } from '@/lib/diagnosis/checks/rule-error-pages';
import { complaints } from '@/lib/diagnosis/checks/rule-events';
import { mergeableOrphan } from '@/lib/diagnosis/checks/rule-mergeable';
import { ingressMissing, wildcardDepth } from '@/lib/diagnosis/checks/rule-names';
import { gceExact, prefixBoundary } from '@/lib/diagnosis/checks/rule-path-hints';
import { suspectExact, wildcardPath } from '@/lib/diagnosis/checks/rule-paths';
import { protocolMismatch } from '@/lib/diagnosis/checks/rule-protocol';
import { redirectLoop } from '@/lib/diagnosis/checks/rule-redirect-loop';
import { regexInvalid, regexSpillover } from '@/lib/diagnosis/checks/rule-regex';
import { regexMismatch } from '@/lib/diagnosis/checks/rule-regex-mismatch';
import { resourceMissing, resourceUnsupported } from '@/lib/diagnosis/checks/rule-resource';
import { rewriteNoCapture, rewriteOutOfRange } from '@/lib/diagnosis/checks/rule-rewrite';
import { hostInvalid, hostWithoutHttp, ingressEmpty } from '@/lib/diagnosis/checks/rule-shape';
import { adminUnrestricted } from '@/lib/diagnosis/checks/security-admin';
import { allowListOpen, basicAuthPlain, corsWildcard } from '@/lib/diagnosis/checks/security-annotations';
import { familyMismatch } from '@/lib/diagnosis/checks/service-families';
import { localTrafficPolicy } from '@/lib/diagnosis/checks/service-local-policy';
import { gceBackends } from '@/lib/diagnosis/checks/target-health';
import { albCertificateNotFound, gceManagedCertificate } from '@/lib/diagnosis/checks/tls-cloud';
import { fakeCertificate, passthroughOff } from '@/lib/diagnosis/checks/tls-default';
import { hostWithoutRule, ruleHostNotCovered } from '@/lib/diagnosis/checks/tls-hosts';
import { served } from './served';

export const INGRESS_CHECKS: readonly Check<IngressUnit>[] = [
  { name: 'networkpolicy-backend', run: networkPolicyToBackends },
  { name: 'mesh-mtls-strict', run: strictMutualTls },
  { name: 'networkpolicy-foreign-applies', run: policiesOfOthers },
  { name: 'networkpolicy-door', run: doorOfIngress },
  { name: 'networkpolicy-cloud', run: networkPolicyToCloud },
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
  ruleHostNotCovered,
  hostWithoutRule,
  fakeCertificate,
  passthroughOff,
  annotationNoTls,
  albCertificateNotFound,
  gceManagedCertificate,
  { name: 'controller-reload-failed', run: notConfirmed },
  { name: 'lb-sync-error', run: ingressSyncError },
  { name: 'lb-gce-backend-unhealthy', run: gceBackends },
  { name: 'ingress-status-empty', run: statusEmpty },
  { name: 'ingress-status-stale', run: statusStale },
  { name: 'controller-service-port-missing', run: entryPortMissing },
  { name: 'lb-etp-cluster-client-ip', run: clientAddressHidden },
  { name: 'dns-externaldns-target-override', run: targetOverride },
  externalBackends,
  balancerMode,
  localTrafficPolicy,
  familyMismatch,
  portProtocol,
  { name: 'admin-endpoint-unrestricted', run: adminUnrestricted },
  { name: 'allowlist-open', run: allowListOpen },
  { name: 'basic-auth-without-tls', run: basicAuthPlain },
  { name: 'cors-wildcard-credentials', run: corsWildcard },
];
