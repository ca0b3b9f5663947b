// The columns of cluster-wide and configuration kinds.
import { array, at, number, record, text } from '../json';
import type { Column, KubeObject } from '../types';
import { AGE, column, list, NAME, NONE, pathColumn, since } from './format';

const ROLE_LABEL = 'node-role.kubernetes.io/';

function nodeStatus(node: KubeObject): string {
  const ready = array(at(node, 'status', 'conditions')).find(
    (condition) => at(condition, 'type') === 'Ready',
  );
  const word = ready === undefined ? 'Unknown' : at(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return at(node, 'spec', 'unschedulable') === true ? `${word},SchedulingDisabled` : word;
}

function nodeRoles(node: KubeObject): string {
  const labels = Object.keys(record(node.metadata.labels)).filter((label) => label.startsWith(ROLE_LABEL));
  return list(labels.map((label) => label.slice(ROLE_LABEL.length)).sort());
}

function nodeAddress(type: string): (node: KubeObject) => string {
  return (node) => {
    const entry = array(at(node, 'status', 'addresses')).find((address) => at(address, 'type') === type);
    return text(at(entry, 'address'), NONE);
  };
}

export const NODE_COLUMNS: Column[] = [
  NAME,
  column('Status', nodeStatus),
  column('Roles', nodeRoles),
  AGE,
  pathColumn('Version', ['status', 'nodeInfo', 'kubeletVersion']),
  column('Internal-IP', nodeAddress('InternalIP'), 1),
  column('External-IP', nodeAddress('ExternalIP'), 1),
  pathColumn('OS-Image', ['status', 'nodeInfo', 'osImage'], '<unknown>', 1),
  pathColumn('Kernel-Version', ['status', 'nodeInfo', 'kernelVersion'], '<unknown>', 1),
  pathColumn('Container-Runtime', ['status', 'nodeInfo', 'containerRuntimeVersion'], '<unknown>', 1),
];

export const NAMESPACE_COLUMNS: Column[] = [NAME, pathColumn('Status', ['status', 'phase']), AGE];

export const SECRET_COLUMNS: Column[] = [
  NAME,
  column('Type', (o) => text(o.type)),
  column('Data', (o) => Object.keys(record(o.data)).length, 0, 'integer'),
  AGE,
];

export const CONFIG_MAP_COLUMNS: Column[] = [
  NAME,
  column(
    'Data',
    (o) => Object.keys(record(o.data)).length + Object.keys(record(o.binaryData)).length,
    0,
    'integer',
  ),
  AGE,
];

export const SERVICE_ACCOUNT_COLUMNS: Column[] = [
  NAME,
  column('Secrets', (o) => array(o.secrets).length, 0, 'integer'),
  AGE,
];

function eventObject(event: KubeObject): string {
  const { kind, name } = record(event.involvedObject ?? event.regarding);
  return `${text(kind).toLowerCase()}/${text(name)}`;
}

function eventTime(event: KubeObject): unknown {
  return (
    event.lastTimestamp ??
    event.eventTime ??
    event.deprecatedLastTimestamp ??
    event.metadata.creationTimestamp
  );
}

export const EVENT_COLUMNS: Column[] = [
  column('Last Seen', (o, now) => since(eventTime(o), now)),
  column('Type', (o) => text(o.type)),
  column('Reason', (o) => text(o.reason)),
  column('Object', eventObject),
  column('Subobject', (o) => text(at(o, 'involvedObject', 'fieldPath')), 1),
  column('Source', (o) => text(at(o, 'source', 'component')) || text(o.reportingComponent), 1),
  column('Message', (o) => text(o.message ?? o.note).trim()),
  column('First Seen', (o, now) => since(o.firstTimestamp ?? eventTime(o), now), 1),
  column('Count', (o) => String(number(o.count, 1)), 1),
  { ...NAME, priority: 1 },
];

export const ROLE_COLUMNS: Column[] = [NAME, column('Created At', (o) => o.metadata.creationTimestamp ?? '')];

function subjects(kind: string): (binding: KubeObject) => string {
  return (binding) =>
    array(binding.subjects)
      .filter((subject) => at(subject, 'kind') === kind)
      .map((subject) => {
        const name = text(at(subject, 'name'));
        return kind === 'ServiceAccount' ? `${text(at(subject, 'namespace'))}/${name}` : name;
      })
      .join(', ');
}

export const BINDING_COLUMNS: Column[] = [
  NAME,
  column('Role', (o) => `${text(at(o, 'roleRef', 'kind'))}/${text(at(o, 'roleRef', 'name'))}`),
  AGE,
  column('Users', subjects('User'), 1),
  column('Groups', subjects('Group'), 1),
  column('ServiceAccounts', subjects('ServiceAccount'), 1),
];

export const LEASE_COLUMNS: Column[] = [NAME, pathColumn('Holder', ['spec', 'holderIdentity']), AGE];

export const CRD_COLUMNS: Column[] = [NAME, column('Created At', (o) => o.metadata.creationTimestamp ?? '')];

export const CLAIM_COLUMNS: Column[] = [
  NAME,
  pathColumn('Status', ['status', 'phase']),
  pathColumn('Volume', ['spec', 'volumeName']),
  pathColumn('Capacity', ['status', 'capacity', 'storage']),
  column('Access Modes', (o) =>
    array(at(o, 'status', 'accessModes'))
      .map(String)
      .join(','),
  ),
  pathColumn('StorageClass', ['spec', 'storageClassName']),
  AGE,
];

export const PLAIN_COLUMNS: Column[] = [NAME, AGE];
