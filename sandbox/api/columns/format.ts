// Cells of `kubectl get` tables, as the API server's printers format them.
import { array, at, record, text } from '../json';
import type { Column, KubeObject } from '../types';

const UNKNOWN = '<unknown>';
export const NONE = '<none>';

/** `5m30s`, `3h`, `12d`: the short form of kubectl's ages. */
export function duration(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return join(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return join(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.floor(hours / 24);
  if (hours < 192) return join(days, 'd', hours % 24, 'h');
  if (days < 730) return `${days}d`;
  return join(Math.floor(days / 365), 'y', days % 365, 'd');
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big}${bigUnit}` : `${big}${bigUnit}${small}${smallUnit}`;
}

/** The time since a timestamp. */
export function since(time: unknown, now: number): string {
  const then = typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isNaN(then) ? UNKNOWN : duration(now - then);
}

/** A column of text. */
export function column(
  name: string,
  value: (object: KubeObject, now: number) => string | number | boolean | null,
  priority = 0,
  type: Column['type'] = 'string',
): Column {
  return { name, type, priority, value };
}

export const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  value: (object) => object.metadata.name,
};

export const AGE: Column = column('Age', (object, now) => since(object.metadata.creationTimestamp, now));

/** A list of texts with commas, `<none>` when empty. */
export function list(values: readonly unknown[]): string {
  const texts = values.filter((value) => value !== undefined && value !== null && value !== '').map(String);
  return texts.length === 0 ? NONE : texts.join(',');
}

/** `a=b,c=d` of a map of labels. */
export function pairs(labels: unknown): string {
  return list(Object.entries(record(labels)).map(([key, value]) => `${key}=${String(value)}`));
}

/** A label selector as text. */
export function selectorText(selector: unknown): string {
  const terms = Object.entries(record(at(selector, 'matchLabels'))).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  for (const expression of array(at(selector, 'matchExpressions'))) {
    const { key, operator, values } = record(expression);
    const set = array(values).map(String).join(',');
    if (operator === 'In') terms.push(`${String(key)} in (${set})`);
    else if (operator === 'NotIn') terms.push(`${String(key)} notin (${set})`);
    else terms.push(operator === 'Exists' ? String(key) : `!${String(key)}`);
  }
  return list(terms);
}

/** The containers of a pod template. */
export function containers(podSpec: unknown): readonly unknown[] {
  return array(at(podSpec, 'containers'));
}

export const TEMPLATE_COLUMNS: Column[] = [
  column(
    'Containers',
    (o) => list(containers(at(o, 'spec', 'template', 'spec')).map((c) => at(c, 'name'))),
    1,
  ),
  column('Images', (o) => list(containers(at(o, 'spec', 'template', 'spec')).map((c) => at(c, 'image'))), 1),
  column('Selector', (o) => selectorText(at(o, 'spec', 'selector')), 1),
];

/** A column with the text at a path. */
export function pathColumn(name: string, path: readonly string[], fallback = '', priority = 0): Column {
  return column(name, (object) => text(at(object, ...path), fallback), priority);
}

/** A column with the number at a path. */
export function countColumn(name: string, path: readonly string[], fallback = 0): Column {
  const value = (object: KubeObject): number => {
    const found = at(object, ...path);
    return typeof found === 'number' ? found : fallback;
  };
  return column(name, value, 0, 'integer');
}
