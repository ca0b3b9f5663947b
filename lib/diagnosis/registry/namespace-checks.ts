/** Checks of one namespace that has Ingresses or policies. */
import type { Check, NamespaceUnit } from '@/lib/diagnosis/check';
import { noReadinessProbe, singleReplica } from '@/lib/diagnosis/checks/namespace-workloads';
import { networkPolicyHygiene } from '@/lib/diagnosis/checks/networkpolicy-namespace';
import { tlsOfNamespace } from '@/lib/diagnosis/checks/tls-namespace';

export const NAMESPACE_CHECKS: readonly Check<NamespaceUnit>[] = [
  noReadinessProbe,
  singleReplica,
  { name: 'networkpolicy-namespace', run: networkPolicyHygiene },
  { name: 'tls-of-namespace', run: tlsOfNamespace },
];
