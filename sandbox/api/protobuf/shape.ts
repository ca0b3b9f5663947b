// The shape of built-in kinds, read from the protobuf table: finds what no API
// server would take, a text where a number belongs or a field that doesn't exist.
import { isRecord } from '../json';
import { MESSAGES } from './messages.generated';

export type Shape = ReadonlyMap<string, string>;

const shapes = new Map<string, Shape>();

/** JSON field → type of a message, inlined messages included; undefined for what is no message. */
export function shapeOf(message: string): Shape | undefined {
  const fields = MESSAGES[message];
  if (fields === undefined) return undefined;
  const known = shapes.get(message);
  if (known !== undefined) return known;
  const shape = new Map<string, string>();
  for (const field of Object.values(fields)) {
    const colon = field.indexOf(':');
    const [name, type] = [field.slice(0, colon), field.slice(colon + 1).replace(/^\*/, '')];
    if (name !== '') shape.set(name, type);
    else for (const entry of shapeOf(type) ?? []) shape.set(...entry);
  }
  shapes.set(message, shape);
  return shape;
}

/** The message of a kind. */
export function messageName(apiVersion: string, kind: string): string {
  if (kind === 'DeleteOptions') return 'meta.v1.DeleteOptions';
  const [group = '', version] = apiVersion.split('/');
  return version === undefined ? `core.${group}.${kind}` : `${group.split('.')[0] ?? ''}.${version}.${kind}`;
}

/** What is wrong with an object's shape: fields of the wrong type, and fields that don't exist. */
export type ShapeProblems = { wrong: string[]; unknown: string[] };

const SCALARS: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  bytes: (value) => typeof value === 'string',
  bool: (value) => typeof value === 'boolean',
  int: (value) => Number.isInteger(value),
  double: (value) => typeof value === 'number',
  Quantity: (value) => typeof value === 'string' || typeof value === 'number',
  IntOrString: (value) => typeof value === 'string' || Number.isInteger(value),
  Time: (value) => typeof value === 'string',
  MicroTime: (value) => typeof value === 'string',
  Duration: (value) => typeof value === 'string' || typeof value === 'number',
  FieldsV1: isRecord,
  RawExtension: () => true,
};

function nameOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : isRecord(value) ? 'object' : typeof value;
}

function refuse(value: unknown, path: string, wanted: string, problems: ShapeProblems): void {
  problems.wrong.push(`cannot unmarshal ${nameOf(value)} into field ${path} of type ${wanted}`);
}

function checkList(item: string, value: unknown, path: string, problems: ShapeProblems): void {
  if (!Array.isArray(value)) refuse(value, path, 'list', problems);
  else for (const [index, entry] of value.entries()) check(item, entry, `${path}[${index}]`, problems);
}

function checkMap(item: string, value: unknown, path: string, problems: ShapeProblems): void {
  if (!isRecord(value)) refuse(value, path, 'map', problems);
  else for (const [key, entry] of Object.entries(value)) check(item, entry, `${path}.${key}`, problems);
}

function check(type: string, value: unknown, path: string, problems: ShapeProblems): void {
  if (value === null || value === undefined) return;
  const item = /^(?:\[\]|items:)(.*)$/.exec(type)?.[1];
  const isScalar = SCALARS[type];
  if (item !== undefined) checkList(item, value, path, problems);
  else if (type.startsWith('{}')) checkMap(type.slice(2), value, path, problems);
  else if (isScalar === undefined) checkMessage(type, value, path, problems);
  else if (!isScalar(value)) refuse(value, path, type, problems);
}

function checkMessage(type: string, value: unknown, path: string, problems: ShapeProblems): void {
  const shape = shapeOf(type);
  if (shape === undefined) return;
  if (!isRecord(value)) {
    refuse(value, path, type, problems);
    return;
  }
  for (const [key, entry] of Object.entries(value)) {
    const field = path === '' ? key : `${path}.${key}`;
    const wanted = shape.get(key);
    if (wanted !== undefined) check(wanted, entry, field, problems);
    else if (path !== '' || (key !== 'apiVersion' && key !== 'kind')) problems.unknown.push(field);
  }
}

/** What is wrong with the shape of an object of a built-in kind; nothing for other kinds. */
export function shapeProblems(object: { apiVersion: string; kind: string }): ShapeProblems {
  const problems: ShapeProblems = { wrong: [], unknown: [] };
  checkMessage(messageName(object.apiVersion, object.kind), object, '', problems);
  return problems;
}
