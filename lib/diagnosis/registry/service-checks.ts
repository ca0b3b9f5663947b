/** Checks of one Service that something outside reaches. */
import type { Check, ServiceUnit } from '@/lib/diagnosis/check';
import { serviceNodePortLocal } from '@/lib/diagnosis/checks/controller-entry';
import { manualSuspicious, notReadyPublished, oneNode } from '@/lib/diagnosis/checks/endpoint-notes';
import { endpointsStale } from '@/lib/diagnosis/checks/endpoints-stale';
import { probePortUndeclared, targetPortUndeclared } from '@/lib/diagnosis/checks/pod-ports';
import { portInconsistent } from '@/lib/diagnosis/checks/port-inconsistent';
import { rolloutStuck } from '@/lib/diagnosis/checks/rollout-stuck';
import { databaseBehindRule, databaseOnBalancer } from '@/lib/diagnosis/checks/security-database';
import { metadataExposed } from '@/lib/diagnosis/checks/security-external';
import { duplicateSelector, selectorTooBroad } from '@/lib/diagnosis/checks/selector-twins';
import { serviceEvents } from '@/lib/diagnosis/checks/service-events';
import { serviceSelectorless, serviceTerminating } from '@/lib/diagnosis/checks/service-kind';
import { serviceNodes } from '@/lib/diagnosis/checks/service-nodes';
import { servicePodsOom, terminatingStuck } from '@/lib/diagnosis/checks/service-pods';
import { shutGates } from '@/lib/diagnosis/checks/target-health';

export const SERVICE_CHECKS: readonly Check<ServiceUnit>[] = [
  { name: 'readiness-gates', run: shutGates },
  { name: 'nodeport-etp-local', run: serviceNodePortLocal },
  rolloutStuck,
  serviceNodes,
  servicePodsOom,
  terminatingStuck,
  endpointsStale,
  notReadyPublished,
  manualSuspicious,
  oneNode,
  portInconsistent,
  serviceTerminating,
  serviceSelectorless,
  serviceEvents,
  selectorTooBroad,
  duplicateSelector,
  targetPortUndeclared,
  probePortUndeclared,
  { name: 'db-exposed-via-lb', run: databaseOnBalancer },
  { name: 'db-exposed-via-ingress', run: databaseBehindRule },
  { name: 'externalname-metadata-ssrf', run: metadataExposed },
];
