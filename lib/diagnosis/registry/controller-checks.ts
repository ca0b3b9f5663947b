/** Checks of one controller that runs in the cluster. */
import type { Check, ControllerUnit } from '@/lib/diagnosis/check';
import { noDisruptionBudget, noSpread } from '@/lib/diagnosis/checks/best-practice-disruption';
import { noAutoscaler, singleReplica } from '@/lib/diagnosis/checks/best-practice-replicas';
import { noProbes, noResources } from '@/lib/diagnosis/checks/best-practice-template';
import { sameClassTwice } from '@/lib/diagnosis/checks/controller-class-twice';
import { controllerNodePortLocal, exposedByHostPort } from '@/lib/diagnosis/checks/controller-entry';
import { logComplaints, upstreamErrors } from '@/lib/diagnosis/checks/controller-logs';
import {
  configMapMissing,
  defaultBackendBroken,
  defaultCertificateMissing,
} from '@/lib/diagnosis/checks/controller-references';
import { reloadFailed } from '@/lib/diagnosis/checks/controller-reload';
import { oomKilled, rolloutStuck } from '@/lib/diagnosis/checks/controller-rollout';
import { streamsBroken } from '@/lib/diagnosis/checks/controller-streams';
import { removedFlags, versionUntested } from '@/lib/diagnosis/checks/controller-versions';
import { doorOfController } from '@/lib/diagnosis/checks/networkpolicy-door';
import { networkPolicyToDns, networkPolicyToWebhook } from '@/lib/diagnosis/checks/networkpolicy-services';
import { controllerAccounts } from '@/lib/diagnosis/checks/rbac-account';
import { controllerPowers } from '@/lib/diagnosis/checks/rbac-controller';
import { missingPermission } from '@/lib/diagnosis/checks/rbac-needs';
import { privileged } from '@/lib/diagnosis/checks/security-container';
import { imageOutdated, imageUnpinned } from '@/lib/diagnosis/checks/security-image';
import { nginxAdvisories } from '@/lib/diagnosis/checks/security-nginx-cve';
import { nginxCoreAdvisories, nginxEndOfLife } from '@/lib/diagnosis/checks/security-nginx-end';
import { dashboardInsecure, internalPortPublic } from '@/lib/diagnosis/checks/security-ports';
import { forwardedHeadersTrusted, tcpServicesSensitive } from '@/lib/diagnosis/checks/security-settings';
import { snippetsOpen, validationOff } from '@/lib/diagnosis/checks/security-snippets';
import { noFirewall } from '@/lib/diagnosis/checks/security-waf';
import { webhookExposed } from '@/lib/diagnosis/checks/security-webhook';
import { hstsOff, weakProtocols } from '@/lib/diagnosis/checks/tls-controller';

export const CONTROLLER_CHECKS: readonly Check<ControllerUnit>[] = [
  { name: 'networkpolicy-door', run: doorOfController },
  { name: 'networkpolicy-webhook', run: networkPolicyToWebhook },
  { name: 'networkpolicy-dns', run: networkPolicyToDns },
  { name: 'rbac-account', run: controllerAccounts },
  { name: 'rbac-powers', run: controllerPowers },
  { name: 'rbac-needs', run: missingPermission },
  weakProtocols,
  hstsOff,
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
