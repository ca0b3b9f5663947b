// Who changed what when: one entry for each manager and operation, with the
// fields of its last changes a few levels deep.
import { isEqual, isRecord, type JsonRecord } from './json';
import type { KubeObject, ManagedField } from './types';

const DEPTH = 3;
const STAMPED = new Set([
  'managedFields',
  'resourceVersion',
  'uid',
  'creationTimestamp',
  'generation',
  'name',
  'namespace',
]);

function changedFields(before: unknown, after: unknown, depth: number, isMetadata = false): JsonRecord {
  if (depth === 0 || !isRecord(after)) return {};
  const old = isRecord(before) ? before : {};
  const fields: JsonRecord = {};
  for (const key of new Set([...Object.keys(after), ...Object.keys(old)])) {
    if (isMetadata && STAMPED.has(key)) continue;
    if (depth === DEPTH && (key === 'apiVersion' || key === 'kind')) continue;
    if (isEqual(old[key], after[key])) continue;
    fields[`f:${key}`] = changedFields(
      old[key],
      after[key],
      depth - 1,
      depth === DEPTH && key === 'metadata',
    );
  }
  return fields;
}

function merged(a: JsonRecord, b: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...a };
  for (const [key, value] of Object.entries(b)) {
    const old = result[key];
    result[key] = isRecord(old) && isRecord(value) ? merged(old, value) : value;
  }
  return result;
}

/** Fields without those that somebody else has just changed. */
function without(fields: JsonRecord, changed: JsonRecord): JsonRecord {
  const result: JsonRecord = {};
  for (const [key, value] of Object.entries(fields)) {
    const taken = changed[key];
    if (taken === undefined) result[key] = value;
    else if (isRecord(value) && isRecord(taken) && Object.keys(taken).length > 0) {
      const rest = without(value, taken);
      if (Object.keys(rest).length > 0) result[key] = rest;
    }
  }
  return result;
}

export type Manager = { name: string; operation?: 'Apply' | 'Update'; subresource?: string };

/** The managed fields after a manager turned `before` into `after`. */
export function manage(
  before: KubeObject | undefined,
  after: KubeObject,
  manager: Manager,
  time: string,
): ManagedField[] {
  const operation = manager.operation ?? 'Update';
  const entries = before?.metadata.managedFields ?? [];
  const isSame = (entry: ManagedField): boolean =>
    entry.manager === manager.name &&
    entry.operation === operation &&
    entry.subresource === manager.subresource;
  const mine = entries.find(isSame);
  const changed = changedFields(before, after, DEPTH);
  const fields = merged(mine?.fieldsV1 ?? {}, changed);
  const entry: ManagedField = {
    manager: manager.name,
    operation,
    apiVersion: after.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  };
  const others = entries.flatMap((other) => {
    if (isSame(other)) return [];
    const rest = without(other.fieldsV1, changed);
    return Object.keys(rest).length === 0 ? [] : [{ ...other, fieldsV1: rest }];
  });
  return [...others, entry];
}
