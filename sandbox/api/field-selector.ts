// Field selectors: `metadata.name=x,status.phase!=Running`, only for the fields
// that an API server indexes for the kind.
import { at } from './json';
import { badRequest } from './status';
import { type KubeObject, type ResourceInfo, resourceKey } from './types';

export type FieldTerm = { path: readonly string[]; isEqual: boolean; value: string };

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'events.events.k8s.io': [
    'regarding.kind',
    'regarding.namespace',
    'regarding.name',
    'regarding.uid',
    'reason',
    'type',
  ],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  namespaces: ['status.phase'],
  nodes: ['spec.unschedulable'],
  'replicasets.apps': ['status.replicas'],
  'jobs.batch': ['status.successful'],
};

/** Splits at commas, `\` escapes. */
function split(selector: string): string[] {
  return (selector.match(/(?:\\.|[^,\\])+/g) ?? []).map((term) => term.trim());
}

function parseTerm(term: string, supported: ReadonlySet<string>): FieldTerm {
  const match = /^(.+?)\s*(!=|==|=)(.*)$/.exec(term);
  if (match === null) throw badRequest(`invalid selector: '${term}'; can't understand '${term}'`);
  const [, field = '', operator, raw = ''] = match;
  if (!supported.has(field)) throw badRequest(`field label not supported: ${field}`);
  return { path: field.split('.'), isEqual: operator !== '!=', value: raw.replaceAll(/\\(.)/g, '$1') };
}

/** Parses a field selector; throws a 400 for a field the kind has no selector for. */
export function parseFieldSelector(selector: string, info: ResourceInfo): FieldTerm[] {
  const own = FIELDS[resourceKey(info.group, info.resource)] ?? info.selectableFields ?? [];
  const supported = new Set(['metadata.name', 'metadata.namespace', ...own]);
  return split(selector).map((term) => parseTerm(term, supported));
}

function fieldText(object: KubeObject, path: readonly string[]): string {
  const value = path.join('.') === 'source' ? at(object, 'source', 'component') : at(object, ...path);
  return value === undefined || value === null ? '' : String(value);
}

/** Whether an object satisfies every term; an absent field counts as empty. */
export function matchesFields(selector: readonly FieldTerm[], object: KubeObject): boolean {
  return selector.every((term) => (fieldText(object, term.path) === term.value) === term.isEqual);
}
