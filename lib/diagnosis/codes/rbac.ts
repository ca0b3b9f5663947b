import { codesOf } from './code';

export const RBAC_CODES = codesOf('rbac', {
  'rbac-controller-cluster-admin': {
    severity: 'warning',
    meaning: 'The controller may do everything in the cluster.',
    when: 'A ClusterRoleBinding gives its ServiceAccount, or a group that it belongs to, cluster-admin or a role that grants everything.',
    traps: [
      'Aggregated roles are judged by what the control plane has filled in.',
      'A RoleBinding to cluster-admin holds in its namespace only: a wildcard.',
    ],
    mend: 'Bind the role of the controller’s chart instead.',
  },
  'rbac-controller-wildcard': {
    severity: 'warning',
    meaning: 'A role of the controller grants rights by *.',
    when: 'A role bound to its ServiceAccount has * in verbs, API groups or resources.',
    traps: [
      'All resources of a controller’s own custom group are no wildcard (HAProxy Tech’s manifest).',
      'All verbs on the status of Ingresses are but to read and to write it (istiod’s chart).',
      'Rules for URLs name no resource.',
      'Told as cluster-admin where it is that.',
    ],
    mend: 'Name verbs, groups and resources.',
  },
  'rbac-controller-secrets-clusterwide': {
    severity: 'info',
    meaning: 'The controller may read every Secret of the cluster.',
    when: 'A ClusterRoleBinding grants its ServiceAccount list or watch on Secrets without names.',
    traps: [
      'Secrets by name, or in namespaces, are not all.',
      'It is the default of ingress-nginx and Traefik: a hint.',
    ],
    mend: 'Limit it to namespaces, or to the Secrets that Ingresses name.',
  },
  'rbac-controller-escalation': {
    severity: 'warning',
    meaning: 'The controller has rights that lead to more rights.',
    when: 'A role bound to its ServiceAccount lets it create pods, run commands in them, escalate, bind or impersonate, or write roles, bindings or admission webhooks.',
    traps: [
      'The job that makes the webhook’s certificate has an account of its own.',
      'istiod keeps its own webhooks up to date.',
      'What “*” or cluster-admin grants is told as that.',
    ],
    mend: 'Take these verbs out of the role.',
  },
  'rbac-controller-missing-permission': {
    severity: 'broken',
    impact: 'traffic',
    meaning: 'The controller may not read what it needs to serve Ingresses.',
    when: 'No role that reaches its ServiceAccount grants list and watch on a resource that its project’s own manifest grants. Degraded while its pods are ready, a warning where only the status of Ingresses or leases cannot be written.',
    traps: [
      'Limited to namespaces it needs Roles there only, and no IngressClasses.',
      'Roles or bindings that cannot be read, flags that cannot be read, a cluster without RBAC: nothing is said.',
      'EndpointSlices only from the version on that reads them; no status with --update-status=false.',
      'Types whose needs are not known, and one that is too old, are not judged.',
    ],
    mend: 'Add the missing rule to a role of its ServiceAccount.',
  },
  'rbac-controller-sa-missing': {
    severity: 'broken',
    impact: 'traffic',
    meaning: 'The ServiceAccount of the controller does not exist.',
    when: 'Its workload names a ServiceAccount that is not in the namespace. Degraded while pods are ready: they go on until they are replaced.',
    traps: [
      'The account default is made by the control plane: never missing.',
      'ServiceAccounts that cannot be read, or a namespace of which not even default is seen: nothing is said.',
    ],
    mend: 'Create it, with the bindings of the controller’s chart.',
  },
  'rbac-controller-default-sa': {
    severity: 'warning',
    meaning: 'The controller shares the default ServiceAccount of its namespace.',
    when: 'Its workload names no ServiceAccount, or names default.',
    traps: ['A named account is its own.', 'ServiceAccounts that cannot be read: nothing is said.'],
    mend: 'Give it a ServiceAccount of its own.',
  },
  'rbac-ingress-writers-broad': {
    severity: 'warning',
    meaning: 'Many may write Ingresses that ingress-nginx serves.',
    when: 'ingress-nginx runs, and ten or more users, groups and ServiceAccounts, or a group of everybody, may create or change Ingresses. One finding for the cluster.',
    traps: [
      'Administrators, system accounts, GitOps and deployment tools are not counted.',
      'Other controllers do not turn Ingresses into configuration text.',
      'Roles or bindings that cannot be read: nothing is said.',
    ],
    mend: 'Let fewer write Ingresses, or check them at admission.',
  },
  'rbac-dashboard-limited': {
    severity: 'info',
    meaning: 'The dashboard may not read all that it looks at.',
    when: 'The API server forbids it to list a resource: one finding with all of them, state unknown.',
    traps: [
      'Secrets are left out: not reading them is the default.',
      'A custom resource that is not installed is not forbidden.',
    ],
    mend: 'Grant get, list and watch on them.',
  },
});
