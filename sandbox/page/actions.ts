/* What the page's buttons do: the same writes that a person would make with kubectl. */

import { notFound, StatusError } from '../api/status';
import type { KubeObject as StoredObject } from '../api/storage';
import { type Cluster, isControlledBy, SANDBOX_PREFIX } from '../controllers/cluster';
import type { Deployment, KubeObject, ReplicaSet } from '../controllers/shapes';
import type { DnsBook } from '../dns/records';
import type { Memory } from './memory';

const MANAGER = 'sandbox-page';
const REPLICAS_BEFORE = `${SANDBOX_PREFIX}replicas-before`;
const REVISION = 'deployment.kubernetes.io/revision';
/** An address of a documentation network that nothing in the sandbox has. */
const ELSEWHERE = '198.51.100.66';

interface Context {
  readonly cluster: Cluster;
  readonly book: DnsBook;
  readonly memory: Memory;
}

type Edit = (object: Deployment) => void;

/** Runs one action; throws a StatusError (4xx) for one that is not possible. */
export function runAction({ cluster, book, memory }: Context, id: string, action: string): void {
  if (id.startsWith('dns/')) {
    changeDns(book, id.slice(4), action);
    return;
  }
  if (action === 'restore') {
    restore(cluster, memory, id);
    return;
  }
  const [resource = '', namespace = '', name = ''] = id.split('/');
  const object = cluster.get<Deployment>(resource, namespace, name);
  if (!object) throw notFound({ group: '', resource, kind: resource }, name);
  if (action === 'delete' && (resource === 'services' || resource === 'secrets')) {
    cluster.remove(resource, namespace, name);
    return;
  }
  const edit = EDITS[action];
  if (action === 'undo') rollBack(cluster, object);
  else if (edit) edit(object);
  else throw unknownAction(action);
  cluster.update(resource, object, MANAGER);
}

function annotate(values: Readonly<Record<string, string | undefined>>): Edit {
  return (object) => {
    const annotations = { ...object.metadata.annotations };
    for (const [key, value] of Object.entries(values)) {
      if (value === undefined) delete annotations[SANDBOX_PREFIX + key];
      else annotations[SANDBOX_PREFIX + key] = value;
    }
    object.metadata.annotations = annotations;
  };
}

const EDITS: Readonly<Record<string, Edit>> = {
  'scale-down': (object) => {
    object.metadata.annotations = {
      ...object.metadata.annotations,
      [REPLICAS_BEFORE]: String(object.spec.replicas ?? 1),
    };
    object.spec.replicas = 0;
  },
  'scale-up': (object) => {
    object.spec.replicas = Number(object.metadata.annotations?.[REPLICAS_BEFORE] ?? 2) || 2;
  },
  crash: annotate({
    behaviour: 'crashloop',
    message: 'broken from the sandbox page',
    'exit-code': '1',
    logs: undefined,
  }),
  unready: annotate({ behaviour: 'unready', message: undefined }),
  heal: annotate({ behaviour: 'healthy', message: undefined, 'exit-code': undefined, logs: undefined }),
  'balancer-pending': annotate({ 'load-balancer': 'pending' }),
  'balancer-restore': annotate({ 'load-balancer': undefined }),
};

/** The template of the revision before the last, as `kubectl rollout undo` does. */
function rollBack(cluster: Cluster, deployment: Deployment): void {
  const revision = (set: ReplicaSet): number => Number(set.metadata.annotations?.[REVISION] ?? 0);
  const sets = cluster
    .list<ReplicaSet>('replicasets.apps', deployment.metadata.namespace)
    .filter((set) => isControlledBy(set, deployment));
  const previous = [...sets].sort((a, b) => revision(b) - revision(a))[1];
  if (!previous) throw new StatusError(409, 'Conflict', 'there is no earlier revision');
  const template = structuredClone(previous.spec.template);
  delete template.metadata?.labels?.['pod-template-hash'];
  deployment.spec.template = template;
}

function restore(cluster: Cluster, memory: Memory, id: string): void {
  const found = memory.find(id);
  if (!found) throw new StatusError(404, 'NotFound', 'nothing of that name was deleted');
  const { status: _status, ...rest } = structuredClone(found.object);
  const {
    uid: _uid,
    resourceVersion: _version,
    creationTimestamp: _time,
    deletionTimestamp: _deleted,
    managedFields: _fields,
    generation: _generation,
    ...metadata
  } = rest.metadata;
  const object: KubeObject = { ...rest, metadata };
  // As after a new `kubectl apply`; a load balancer gets its address again from the cloud.
  if (found.resource === 'services') object.status = { loadBalancer: {} };
  cluster.storage.create(found.resource, object as StoredObject, { manager: MANAGER });
}

function changeDns(book: DnsBook, name: string, action: string): void {
  const elsewhere = [{ name, values: [ELSEWHERE], ttl: 60 }];
  if (action === 'dns-elsewhere') book.put(name, elsewhere);
  else if (action === 'dns-split') book.put(name, elsewhere, 2);
  else if (action === 'dns-nxdomain') book.put(name, [{ name, answer: 'NXDOMAIN' }]);
  else if (action === 'dns-servfail') book.put(name, [{ name, answer: 'SERVFAIL' }]);
  else if (action === 'dns-restore') book.restore(name);
  else throw unknownAction(action);
}

function unknownAction(action: string): StatusError {
  return new StatusError(400, 'BadRequest', `unknown action "${action}"`);
}
