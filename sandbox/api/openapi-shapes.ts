// Schemas of built-in kinds for `kubectl explain`: names and types of their fields.
import type { JsonRecord } from './json';
import { shapeOf } from './protobuf/shape';

const SCALARS: Readonly<Record<string, JsonRecord>> = {
  string: { type: 'string' },
  bytes: { type: 'string', format: 'byte' },
  bool: { type: 'boolean' },
  int: { type: 'integer', format: 'int64' },
  double: { type: 'number', format: 'double' },
  Quantity: { type: 'string' },
  IntOrString: { type: 'string', format: 'int-or-string' },
  Time: { type: 'string', format: 'date-time' },
  MicroTime: { type: 'string', format: 'date-time' },
  Duration: { type: 'string' },
  FieldsV1: { type: 'object' },
  RawExtension: { type: 'object' },
};

function schemaOfType(type: string, schemas: JsonRecord): JsonRecord {
  const item = /^(?:\[\]|items:)(.*)$/.exec(type)?.[1];
  if (item !== undefined) return { type: 'array', items: schemaOfType(item, schemas) };
  if (type.startsWith('{}')) {
    return { type: 'object', additionalProperties: schemaOfType(type.slice(2), schemas) };
  }
  if (SCALARS[type] !== undefined) return SCALARS[type];
  addSchema(type, schemas);
  return { allOf: [{ $ref: `#/components/schemas/${type}` }], default: {} };
}

/** Adds the schema of a message and of all it contains; returns its properties, none for an unknown one. */
export function addSchema(message: string, schemas: JsonRecord): JsonRecord {
  const shape = shapeOf(message);
  if (shape === undefined || schemas[message] !== undefined) return {};
  const properties: JsonRecord = {};
  // Set before its fields are read: some messages contain themselves.
  schemas[message] = { type: 'object', description: '', properties };
  for (const [name, type] of shape) properties[name] = schemaOfType(type, schemas);
  return properties;
}
