/* Namespaces come with a default ServiceAccount and the root certificate, as in a cluster. */
import { type ControllerDefinition, own } from './cluster';

/** Fills new namespaces; emptying old ones is the API server's part. */
export const namespaceController: ControllerDefinition = {
  name: 'namespace',
  delayMs: 0,
  watches: { namespaces: (event) => (event.type === 'ADDED' ? own(event) : []) },
  reconcile(cluster, _namespace, name) {
    const namespace = cluster.storage.get('namespaces', undefined, name);
    if (!namespace || namespace.metadata.deletionTimestamp) return;
    if (!cluster.storage.get('serviceaccounts', name, 'default'))
      cluster.create('serviceaccounts', {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: name },
      });
    if (!cluster.storage.get('configmaps', name, 'kube-root-ca.crt'))
      cluster.create('configmaps', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', namespace: name },
        data: { 'ca.crt': '' },
      });
  },
};
