/** Checks of one namespace that has Ingresses. */
import type { Check, NamespaceUnit } from '@/lib/diagnosis/check';
import { noReadinessProbe, singleReplica } from '@/lib/diagnosis/checks/namespace-workloads';

export const NAMESPACE_CHECKS: readonly Check<NamespaceUnit>[] = [noReadinessProbe, singleReplica];
