/** `rbac-ingress-writers-broad` and `rbac-dashboard-limited`: who may write Ingresses, and what this dashboard may not read. */
import type { Found } from '@/lib/diagnosis/check';
import { allAccounts } from '@/lib/diagnosis/controller-account';
import { draft, evidence } from '@/lib/diagnosis/draft';
import { listed } from '@/lib/diagnosis/policy-words';
import { sh } from '@/lib/diagnosis/shell';
import type { PolicyGrant, RoleBinding } from '@/lib/kube/access-objects';
import { objectKey, type Ref } from '@/lib/kube/refs';
import { RESOURCES, refOf } from '@/lib/kube/resources';
import type { Query, Reader } from '@/lib/state/cells';
import { splitMember } from '@/lib/state/store';
import { accessDoubt, grants } from '@/lib/topology/access';
import { controllers } from '@/lib/topology/controllers';
import { coverageOf, members, object } from '@/lib/topology/reads';

/** From this many on it is said that many may write Ingresses. */
const MANY = 10;
/** Groups that are everybody. */
const EVERYBODY = new Set(['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts']);
/** Namespaces and names of what deploys for others, and is trusted with it anyway. */
const DEPLOYERS =
  /^(argocd|argo-cd|flux-system|fleet-|cattle-|tekton-|gitlab-|jenkins|octopus)|argocd|flux|kustomize-controller|helm-controller/;

interface Writers {
  /** `Group devs`, `ServiceAccount ci/deployer`. */
  readonly subjects: readonly string[];
  readonly everybody: readonly string[];
  readonly bindings: readonly Ref[];
}

function writesIngresses(grant: PolicyGrant): boolean {
  return ['create', 'update', 'patch'].some((verb) => grants(grant, verb, 'networking.k8s.io', 'ingresses'));
}

function grantsWrite(read: Reader, { role, namespace }: RoleBinding): boolean {
  if (role.kind === 'ClusterRole' && (role.name === 'cluster-admin' || role.name.startsWith('system:')))
    return false;
  const wide = role.kind === 'ClusterRole';
  const found = object(read, wide ? 'clusterroles' : 'roles', objectKey(wide ? '' : namespace, role.name));
  return found?.grants.some(writesIngresses) ?? false;
}

type Subject = RoleBinding['subjects'][number];

/** Not counted: Kubernetes itself, its administrators, GitOps, and the controllers. */
function isTrusted({ kind, namespace, name }: Subject, own: ReadonlySet<string>): boolean {
  if (kind === 'ServiceAccount')
    return (
      namespace === 'kube-system' ||
      DEPLOYERS.test(namespace) ||
      DEPLOYERS.test(name) ||
      own.has(`${namespace}/${name}`)
    );
  return name.startsWith('system:') ? !EVERYBODY.has(name) : DEPLOYERS.test(name);
}

/** Who may create or change Ingresses anywhere, administrators left out. One walk over all bindings: read it once for a cluster. */
const ingressWriters: Query<Writers> = {
  name: 'ingress-writers',
  level: 2,
  compute: (read) => {
    const own = new Set(
      read.query(controllers, '').flatMap((one) => allAccounts(read, one).map(({ key }) => key)),
    );
    const writing = members(read, 'bindings-all', '').flatMap((member) => writersBy(read, member, own));
    const subjects = writing.flatMap((one) => one.subjects);
    return {
      subjects: [...new Set(subjects.map(subjectWords))].sort(),
      everybody: [...new Set(subjects.flatMap(({ name }) => (EVERYBODY.has(name) ? [name] : [])))].sort(),
      bindings: writing.slice(0, 50).map((one) => one.binding),
    };
  },
};

/** The subjects that count of a binding that lets them write Ingresses. */
function writersBy(
  read: Reader,
  member: string,
  own: ReadonlySet<string>,
): readonly { readonly binding: Ref; readonly subjects: readonly Subject[] }[] {
  const { kind, key } = splitMember(member);
  if (kind !== 'rolebindings' && kind !== 'clusterrolebindings') return [];
  const binding = object(read, kind, key);
  if (!binding || !grantsWrite(read, binding)) return [];
  const subjects = binding.subjects.filter((subject) => !isTrusted(subject, own));
  return subjects.length > 0
    ? [{ binding: refOf(kind, binding.namespace, binding.name, binding.uid), subjects }]
    : [];
}

function subjectWords({ kind, namespace, name }: Subject): string {
  return kind === 'ServiceAccount' ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

/** Upstream of ingress-nginx says that who may write Ingresses is to be trusted like an administrator. */
export function broadIngressWriters(read: Reader): readonly Found[] {
  const nginx = read
    .query(controllers, '')
    .find((one) => one.kind === 'workload' && one.type === 'ingress-nginx');
  if (!nginx || accessDoubt(read) !== null) return [];
  const { subjects, everybody, bindings } = read.query(ingressWriters, '');
  const first = bindings[0];
  if (!first || (subjects.length < MANY && everybody.length === 0)) return [];
  const subject = refOf('ingressclasses', '', nginx.classes[0] ?? 'nginx');
  const who = everybody.length > 0 ? `group ${everybody[0]}` : `${subjects.length} subjects`;
  const found = draft({
    code: 'rbac-ingress-writers-broad',
    severity: 'warning',
    impact: 'risk',
    hop: 'rbac',
    subject,
    related: bindings,
    title: `${who.replace(/^g/, 'G')} may write Ingresses that ingress-nginx serves`,
    detail: `who writes Ingresses for ingress-nginx configures nginx itself, with all Secrets that it may read: ${listed(subjects)}`,
    evidence: [evidence(first, 'subjects', listed(subjects, 20))],
    fix: {
      summary:
        'Let fewer write Ingresses, or check them at admission: forbid snippets, and limit hosts and annotations.',
      look: [
        'kubectl auth can-i create ingresses.networking.k8s.io --as-group=system:authenticated --as=anybody -A',
      ],
    },
  });
  return [{ draft: found }];
}

/** Secrets are left out: that they may not be read is as it should be, and is told where it matters. */
const BY_CHOICE: ReadonlySet<string> = new Set(['secrets']);

/** What the dashboard may not read, in one finding: all that depends on it is unknown. */
export function dashboardLimited(read: Reader): readonly Found[] {
  const denied = RESOURCES.filter(
    ({ id }) => !BY_CHOICE.has(id) && coverageOf(read, id)?.state === 'forbidden',
  );
  const first = denied[0];
  if (!first) return [];
  const names = denied.map(({ resource, group }) => (group === '' ? resource : `${resource}.${group}`));
  const subject: Ref = {
    group: '',
    version: '',
    resource: '',
    kind: 'Dashboard',
    namespace: '',
    name: 'ingress-atlas',
  };
  const found = draft({
    code: 'rbac-dashboard-limited',
    severity: 'info',
    impact: 'risk',
    state: 'unknown',
    hop: 'rbac',
    subject,
    title: `This dashboard may not read ${listed(
      denied.map(({ id }) => id),
      3,
    )}`,
    detail: `${listed(names, 12)}: what depends on them is not known; nothing is called missing for it`,
    evidence: denied
      .slice(0, 30)
      .map(({ id }) => evidence(null, id, coverageOf(read, id)?.reason || 'forbidden')),
    fix: {
      summary: `Grant get, list and watch on ${listed(names, 12)} to the dashboard’s ServiceAccount, as its chart’s ClusterRole does.`,
      look: [sh`kubectl auth can-i list ${names[0] ?? ''} -A`],
      change: [
        sh`kubectl create clusterrole ingress-atlas-more --verb=get,list,watch --resource=${names.join(',')}`,
      ],
    },
  });
  return [{ draft: found }];
}
