// Who changed what when: one entry for each manager and operation, with the
// fields of its last changes a few levels deep.
import { isEqual, isRecord, type JsonRecord } from './json'
import { type KubeObject, type ManagedField } from './types'

const DEPTH = 3
const STAMPED = new Set(['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation', 'name', 'namespace'])

function changedFields(before: unknown, after: unknown, depth: number, isMetadata = false): JsonRecord {
  if (depth === 0 || !isRecord(after)) return {}
  const old = isRecord(before) ? before : {}
  const fields: JsonRecord = {}
  for (const key of new Set([...Object.keys(after), ...Object.keys(old)])) {
    if (isMetadata && STAMPED.has(key)) continue
    if (depth === DEPTH && (key === 'apiVersion' || key === 'kind')) continue
    if (isEqual(old[key], after[key])) continue
    fields[`f:${key}`] = changedFields(old[key], after[key], depth - 1, depth === DEPTH && key === 'metadata')
  }
  return fields
}

function merged(a: JsonRecord, b: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const old = result[key]
    result[key] = isRecord(old) && isRecord(value) ? merged(old, value) : value
  }
  return result
}

export type Manager = { name: string; operation?: 'Apply' | 'Update'; subresource?: string }

/** The managed fields after a manager turned `before` into `after`. */
export function manage(
  before: KubeObject | undefined,
  after: KubeObject,
  manager: Manager,
  time: string,
): ManagedField[] {
  const operation = manager.operation ?? 'Update'
  const entries = before?.metadata.managedFields ?? []
  const isSame = (entry: ManagedField): boolean =>
    entry.manager === manager.name && entry.operation === operation && entry.subresource === manager.subresource
  const mine = entries.find(isSame)
  const fields = merged(mine?.fieldsV1 ?? {}, changedFields(before, after, DEPTH))
  const entry: ManagedField = {
    manager: manager.name,
    operation,
    apiVersion: after.apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: fields,
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  }
  return [...entries.filter((other) => !isSame(other)), entry]
}
