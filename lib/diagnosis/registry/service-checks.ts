/** Checks of one Service that something outside reaches. */
import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { serviceNodePortLocal } from '@/lib/diagnosis/checks/controller-entry';
import { shutGates } from '@/lib/diagnosis/checks/target-health';

export const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [
  { name: 'readiness-gates', run: shutGates },
  { name: 'nodeport-etp-local', run: serviceNodePortLocal },
];
