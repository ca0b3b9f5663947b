/** Checks of one controller that runs in the cluster. */
import type { Check, ControllerUnit } from '@/lib/diagnosis/check';
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
];
