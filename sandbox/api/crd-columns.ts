// The columns of custom resources: the simple JSONPath of additionalPrinterColumns.
import { AGE, column, NAME, since } from './columns/format';
import { array, at, isRecord, record, text } from './json';
import type { Column, KubeObject } from './types';

const STEP =
  /\.?([\w-]+)|\[(\d+|\*)\]|\['((?:[^'\\]|\\.)*)'\]|\[\?\(@\.([\w.]+)\s*==\s*["']([^"']*)["']\)\]/gy;

function step(values: readonly unknown[], match: RegExpExecArray): unknown[] {
  const [, name, position, quoted, field, wanted] = match;
  const key = name ?? quoted?.replaceAll(/\\(.)/g, '$1');
  if (key !== undefined)
    return values.map((value) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined));
  if (position === '*') return values.flatMap((value) => array(value));
  if (position !== undefined) return values.map((value) => array(value)[Number(position)]);
  const path = (field ?? '').split('.');
  return values.flatMap((value) => array(value).filter((item) => String(at(item, ...path)) === wanted));
}

/** The values a JSONPath finds; none for a path in a form that is not understood. */
export function jsonPath(object: unknown, path: string): unknown[] {
  const source = path
    .trim()
    .replaceAll(/^\{|\}$/g, '')
    .replaceAll(String.raw`\.`, '\u0000');
  let values: unknown[] = [object];
  let end = 0;
  for (const match of source.matchAll(new RegExp(STEP))) {
    if (match[1] !== undefined) match[1] = match[1].replaceAll('\u0000', '.');
    values = step(values, match);
    end = match.index + match[0].length;
  }
  return end === source.length ? values.filter((value) => value !== undefined && value !== null) : [];
}

function cell(object: KubeObject, path: string, type: string, now: number): string | number | boolean | null {
  const values = jsonPath(object, path);
  const [first] = values;
  if (first === undefined) return null;
  if (type === 'date') return since(first, now);
  if (values.length > 1)
    return values
      .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
      .join(',');
  if (typeof first === 'object') return JSON.stringify(first);
  return typeof first === 'number' || typeof first === 'boolean' ? first : String(first);
}

/** The columns that a CRD version declares. */
export function crdColumns(version: unknown): Column[] {
  const declared = array(at(version, 'additionalPrinterColumns')).map((value) => record(value));
  if (declared.length === 0) return [NAME, AGE];
  const columns = declared.map((entry) => {
    const [path, type] = [text(entry.jsonPath), text(entry.type)];
    const priority = typeof entry.priority === 'number' ? entry.priority : 0;
    return column(text(entry.name), (object, now) => cell(object, path, type, now), priority);
  });
  return [NAME, ...columns];
}
