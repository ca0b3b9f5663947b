/** Which grants of RBAC are more than a controller's work (kubernetes.io "RBAC Good Practices", privilege escalation risks). */
import type { ControllerType } from '@/lib/controllers/types';
import type { PolicyGrant } from '@/lib/kube/access-objects';
import { type Bound, grants } from '@/lib/topology/access';

/** Everything, everywhere: by name or by content. */
export function isClusterAdmin({ scope, role, grants: all }: Bound): boolean {
  if (scope !== null) return false;
  if (role.kind === 'ClusterRole' && role.name === 'cluster-admin') return true;
  return all.some(
    ({ verbs, groups, resources, names }) =>
      [verbs, groups, resources].every((list) => list.includes('*')) && names.length === 0,
  );
}

/** Custom resources too, though their group looks like one of Kubernetes itself; istiod's manifest grants all of them. */
const GATEWAY = 'gateway.networking.k8s.io';

/** Custom resources have a group with a dot; those of Kubernetes itself end in k8s.io, or have none. */
function isCustom(group: string): boolean {
  return group === GATEWAY || (group.includes('.') && !/(^|\.)k8s\.io$/.test(group));
}

/**
 * “*” in verbs, groups or resources. All resources of a custom group alone is what the manifest of HAProxy Tech's controller
 * grants for its own (deploy/haproxy-ingress.yaml): harmless, as is all on the status of Ingresses (istiod's chart 1.27:
 * there is nothing but to read and to write it). Rules for URLs name no resource.
 */
export function isWildcard({ verbs, groups, resources }: PolicyGrant): boolean {
  if (resources.length === 0) return false;
  if (groups.includes('*')) return true;
  if (verbs.includes('*') && !resources.every((name) => name.endsWith('/status'))) return true;
  return resources.includes('*') && !groups.every(isCustom);
}

/** List or watch is to read; grants limited to names are not meant. */
export function readsAllSecrets(grant: PolicyGrant): boolean {
  if (grant.names.length > 0) return false;
  return grants(grant, 'list', '', 'secrets') || grants(grant, 'watch', '', 'secrets');
}

const RBAC = 'rbac.authorization.k8s.io';
const HOOKS = 'admissionregistration.k8s.io';
const WRITES = ['create', 'update', 'patch'];

interface Step {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resources: readonly string[];
  readonly words: string;
  /** Whose own work it is. */
  readonly except?: readonly ControllerType[];
}

const STEPS: readonly Step[] = [
  { verbs: ['create'], group: '', resources: ['pods'], words: 'create pods' },
  { verbs: ['create'], group: '', resources: ['pods/exec', 'pods/attach'], words: 'run commands in pods' },
  {
    verbs: ['escalate', 'bind'],
    group: RBAC,
    resources: ['roles', 'clusterroles'],
    words: 'escalate or bind roles',
  },
  {
    verbs: WRITES,
    group: RBAC,
    resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'],
    words: 'write roles or bindings',
  },
  {
    verbs: ['impersonate'],
    group: '',
    resources: ['users', 'groups', 'serviceaccounts'],
    words: 'impersonate others',
  },
  {
    verbs: WRITES,
    group: HOOKS,
    resources: ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations'],
    words: 'write admission webhooks',
    // istiod keeps the CA bundle of its own webhooks up to date.
    except: ['istio'],
  },
];

/** By which of its verbs a grant leads to more rights. */
export function escalations(grant: PolicyGrant, type: ControllerType): readonly string[] {
  return STEPS.filter(
    ({ verbs, group, resources, except }) =>
      !except?.includes(type) &&
      verbs.some((verb) => resources.some((resource) => grants(grant, verb, group, resource))),
  ).map(({ words }) => words);
}
