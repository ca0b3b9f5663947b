/** Checks of the cluster as a whole. */
import type { Check } from '@/lib/diagnosis/check';
import { admissionWebhooks } from '@/lib/diagnosis/checks/admission-webhook';
import { gatewayMigration, oddTimeouts } from '@/lib/diagnosis/checks/best-practice-ingress';
import { manyLoadBalancers, nodePortBehindIngress } from '@/lib/diagnosis/checks/best-practice-services';
import { noDefaultClass, severalDefaultClasses } from '@/lib/diagnosis/checks/class-defaults';
import { controllerPaths, legacyAnnotations, unusedClasses } from '@/lib/diagnosis/checks/class-hints';
import { foreignAnnotations } from '@/lib/diagnosis/checks/foreign-annotations';
import { networkPolicyForeign, networkPolicyUnenforced } from '@/lib/diagnosis/checks/networkpolicy-cluster';
import { dashboardBehindIngress } from '@/lib/diagnosis/checks/own-door';
import { broadIngressWriters, dashboardLimited } from '@/lib/diagnosis/checks/rbac-cluster';
import { externalIps, inDefaultNamespace } from '@/lib/diagnosis/checks/security-external';
import { snippetsUsed } from '@/lib/diagnosis/checks/security-snippets-used';

export const CLUSTER_CHECKS: readonly Check<null>[] = [
  { name: 'networkpolicy-unenforced', run: networkPolicyUnenforced },
  { name: 'networkpolicy-foreign', run: networkPolicyForeign },
  { name: 'rbac-ingress-writers', run: broadIngressWriters },
  { name: 'rbac-dashboard', run: dashboardLimited },
  { name: 'ingress-class-legacy-annotation', run: (read) => read.query(legacyAnnotations, '') },
  { name: 'ingress-class-default-multiple', run: (read) => read.query(severalDefaultClasses, '') },
  { name: 'ingress-class-default-none', run: (read) => read.query(noDefaultClass, '') },
  { name: 'ingress-class-unused', run: (read) => read.query(unusedClasses, '') },
  { name: 'ingress-foreign-annotations', run: foreignAnnotations },
  { name: 'rule-pathtype-implspecific', run: (read) => read.query(controllerPaths, '') },
  { name: 'admission-webhook', run: admissionWebhooks },
  { name: 'ingress-snippet-used', run: snippetsUsed },
  { name: 'service-external-ips', run: externalIps },
  { name: 'ingress-in-default-namespace', run: inDefaultNamespace },
  { name: 'nodeport-behind-ingress', run: nodePortBehindIngress },
  { name: 'many-loadbalancers', run: manyLoadBalancers },
  { name: 'service-sub-minimum-timeouts', run: oddTimeouts },
  { name: 'gateway-migration-blockers', run: gatewayMigration },
  { name: 'dashboard-behind-watched-ingress', run: dashboardBehindIngress },
];
