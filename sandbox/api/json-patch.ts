// RFC 6902 JSON patch and RFC 7386 merge patch.
import { array, clone, isEqual, isRecord, type JsonRecord, record, text } from './json';
import { StatusError } from './status';

function rejected(why: string): StatusError {
  return new StatusError(
    422,
    'Invalid',
    `the server rejected our request due to an error in our request: ${why}`,
  );
}

function pointer(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw rejected(`invalid path "${path}"`);
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function index(list: readonly unknown[], key: string, isInsert: boolean): number {
  if (key === '-' && isInsert) return list.length;
  const position = /^(0|[1-9]\d*)$/.test(key) ? Number(key) : -1;
  const last = isInsert ? list.length : list.length - 1;
  if (position < 0 || position > last) throw rejected(`index "${key}" is out of bounds`);
  return position;
}

function child(holder: unknown, key: string): unknown {
  if (Array.isArray(holder)) return holder[index(holder, key, false)];
  if (isRecord(holder) && Object.hasOwn(holder, key)) return holder[key];
  throw rejected(`the path has no "${key}"`);
}

function add(holder: unknown, key: string, value: unknown): void {
  if (Array.isArray(holder)) holder.splice(index(holder, key, true), 0, value);
  else if (isRecord(holder)) define(holder, key, value);
  else throw rejected(`cannot add "${key}" to a plain value`);
}

/** Sets a key as data, `__proto__` included. */
function define(holder: JsonRecord, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, writable: true, enumerable: true, configurable: true });
}

function remove(holder: unknown, key: string): void {
  child(holder, key);
  if (Array.isArray(holder)) holder.splice(index(holder, key, false), 1);
  else if (isRecord(holder)) delete holder[key];
}

function replace(holder: unknown, key: string, value: unknown): void {
  child(holder, key);
  if (Array.isArray(holder)) holder[index(holder, key, false)] = value;
  else if (isRecord(holder)) define(holder, key, value);
}

/** Applies one operation to a boxed document, so that the whole document can be addressed too. */
function apply(box: { value: unknown }, operation: JsonRecord): void {
  const find = (path: string): unknown => pointer(path).reduce<unknown>(child, box.value);
  const target = (path: string): [unknown, string] => {
    const keys = pointer(path);
    const last = keys.pop();
    return last === undefined ? [box, 'value'] : [keys.reduce<unknown>(child, box.value), last];
  };
  const path = text(operation.path);
  const from = text(operation.from);
  switch (operation.op) {
    case 'add':
      add(...target(path), clone(operation.value));
      break;
    case 'remove':
      remove(...target(path));
      break;
    case 'replace':
      replace(...target(path), clone(operation.value));
      break;
    case 'move': {
      const value = find(from);
      remove(...target(from));
      add(...target(path), value);
      break;
    }
    case 'copy':
      add(...target(path), clone(find(from)));
      break;
    case 'test':
      if (!isEqual(find(path), operation.value)) throw rejected(`testing value ${path} failed`);
      break;
    default:
      throw rejected(`unknown operation "${String(operation.op)}"`);
  }
}

/** Applies a JSON patch; the document is not changed. */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw rejected('a JSON patch is a list of operations');
  const box = { value: clone(document) };
  for (const operation of array(patch)) apply(box, record(operation));
  return box.value;
}

/** Applies a merge patch; the document is not changed. */
export function mergePatch(document: unknown, patch: unknown): unknown {
  if (!isRecord(patch)) return patch;
  const result: JsonRecord = isRecord(document) ? { ...document } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else define(result, key, mergePatch(result[key], value));
  }
  return result;
}
