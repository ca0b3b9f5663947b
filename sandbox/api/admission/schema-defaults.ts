// Defaults that a CRD's structural schema declares.
import { clone, isRecord, type JsonRecord } from '../json';

function declared(schema: JsonRecord, result: JsonRecord): void {
  if (!isRecord(schema.properties)) return;
  for (const [key, child] of Object.entries(schema.properties)) {
    if (!isRecord(child)) continue;
    if (result[key] === undefined && child.default !== undefined) result[key] = clone(child.default);
    if (result[key] !== undefined) result[key] = withDefaults(child, result[key]);
  }
}

function properties(schema: JsonRecord, value: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...value };
  declared(schema, result);
  const others = schema.additionalProperties;
  if (!isRecord(others)) return result;
  const known = isRecord(schema.properties) ? schema.properties : {};
  for (const [key, child] of Object.entries(result)) {
    if (!Object.hasOwn(known, key)) result[key] = withDefaults(others, child);
  }
  return result;
}

/** A value with what the schema declares as default where it says nothing. */
export function withDefaults(schema: JsonRecord, value: unknown): unknown {
  if (isRecord(value)) return properties(schema, value);
  const { items } = schema;
  if (Array.isArray(value) && isRecord(items)) return value.map((item: unknown) => withDefaults(items, item));
  return value;
}
