// Defaults that a CRD's structural schema declares.
import { clone, isRecord, type JsonRecord } from '../json';

function properties(schema: JsonRecord, value: JsonRecord): JsonRecord {
  const result: JsonRecord = { ...value };
  if (isRecord(schema.properties)) {
    for (const [key, child] of Object.entries(schema.properties)) {
      if (!isRecord(child)) continue;
      if (result[key] === undefined && child.default !== undefined) result[key] = clone(child.default);
      if (result[key] !== undefined) result[key] = withDefaults(child, result[key]);
    }
  }
  if (isRecord(schema.additionalProperties)) {
    for (const [key, child] of Object.entries(result)) {
      if (isRecord(schema.properties) && Object.hasOwn(schema.properties, key)) continue;
      result[key] = withDefaults(schema.additionalProperties, child);
    }
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
