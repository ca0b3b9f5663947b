/** Checks of one controller that runs in the cluster. */
import type { Check, ControllerUnit } from '@/lib/diagnosis/check';
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
];
