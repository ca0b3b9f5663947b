/** How a value of a node's `detail` becomes fields. Values come from clusters and files: what has another shape is no field. */
import type { FieldValue } from './model';

/** Writes the fields of `value` under `path`. */
export type Reading = (path: string, value: unknown, into: Map<string, FieldValue>) => void;

/** A field of its own. */
export const scalar: Reading = (path, value, into) => {
  if (isScalar(value) && value !== null) into.set(path, value);
};

/** Scalars in no order that matters, as one field. */
export const list: Reading = (path, value, into) => {
  if (Array.isArray(value)) into.set(path, value.filter(isScalar).map(String).sort().join(', '));
};

/** A map of scalars, each a field: `PATH.KEY`. */
export const fact: Reading = (path, value, into) => {
  for (const [key, item] of entries(value)) scalar(`${path}.${key}`, item, into);
};

/** A structure of which these fields are compared. */
export function record(fields: Readonly<Record<string, Reading>>): Reading {
  const readings = Object.entries(fields);
  return (path, value, into) => {
    const found = new Map(entries(value));
    for (const [name, reading] of readings) reading(`${path}.${name}`, found.get(name), into);
  };
}

/** Ports of a Service: `PATH.80` → `http → 8080 (node port 30080)`. */
export const portsOf: Reading = (path, value, into) => {
  for (const item of objects(value)) {
    const { name, port, targetPort, nodePort } = item;
    const own = isScalar(nodePort) && nodePort !== null ? ` (node port ${nodePort})` : '';
    const text = `${name === '' ? '' : `${short(name)} `}→ ${short(targetPort)}${own}`;
    if (isScalar(port)) into.set(`${path}.${port}`, text);
  }
};

/** What is in force at a controller: `PATH.NAME` → value. */
export const settingsOf: Reading = (path, value, into) => {
  for (const item of objects(value))
    if (typeof item.name === 'string') scalar(`${path}.${item.name}`, item.value, into);
};

/** Workloads behind a Service: `PATH.KIND/NAME.replicas`, `.generation`, `.images.CONTAINER`. */
export const workloadsOf: Reading = (path, value, into) => {
  for (const { kind, name, replicas, generation, images } of objects(value)) {
    if (typeof kind !== 'string' || typeof name !== 'string') continue;
    const own = `${path}.${kind}/${name}`;
    fact(`${own}.images`, images, into);
    scalar(`${own}.replicas`, replicas, into);
    scalar(`${own}.generation`, generation, into);
  }
};

function isScalar(value: unknown): value is FieldValue {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}

/** The items of a list that are structures. */
export function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(value)) return [];
  return value.filter((item) => typeof item === 'object' && item !== null && !Array.isArray(item));
}

function short(value: unknown): string {
  return isScalar(value) && value !== null ? String(value).slice(0, 40) : '';
}
