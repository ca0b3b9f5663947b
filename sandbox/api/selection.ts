// Which objects of a resource a list or watch is about.
import type { ApiRequest } from './api-request';
import { type FieldTerm, matchesFields, parseFieldSelector } from './field-selector';
import { type LabelTerm, matchesLabels, parseLabelSelector } from './label-selector';
import type { KubeObject } from './types';

export type Selection = {
  namespace: string | undefined;
  /** Whether anything but the namespace restricts it. */
  isFiltered: boolean;
  matches: (object: KubeObject) => boolean;
};

function compile(
  namespace: string | undefined,
  labels: readonly LabelTerm[],
  fields: readonly FieldTerm[],
): Selection {
  const isFiltered = labels.length > 0 || fields.length > 0;
  const matches = (object: KubeObject): boolean => {
    if (namespace !== undefined && object.metadata.namespace !== namespace) return false;
    if (!isFiltered) return true;
    return matchesLabels(labels, object.metadata.labels ?? {}) && matchesFields(fields, object);
  };
  return { namespace, isFiltered, matches };
}

/** Reads namespace, labelSelector and fieldSelector; throws a 400 for selectors that cannot be read. */
export function selectionOf(request: ApiRequest): Selection {
  const { query, info, name } = request;
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  const fields = parseFieldSelector(query.get('fieldSelector') ?? '', info);
  if (name !== undefined) fields.push({ path: ['metadata', 'name'], isEqual: true, value: name });
  const namespace =
    request.namespace ?? fields.find((term) => term.isEqual && term.path[1] === 'namespace')?.value;
  return compile(namespace === '' ? undefined : namespace, labels, fields);
}
