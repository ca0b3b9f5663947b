// Strategic merge patch: lists of things with names are merged by name, and
// `$patch`, `$retainKeys`, `$deleteFromPrimitiveList` are obeyed.
import { array, at, isRecord, type JsonRecord } from './json';

/** Field → the key its items are merged by, as `patchMergeKey` has it in the Go types. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
  schedulingGates: 'name',
  resourceClaims: 'name',
  podIPs: 'ip',
  conditions: 'type',
  ownerReferences: 'uid',
  secrets: 'name',
  webhooks: 'name',
};

/** Lists of plain values that are merged as sets. */
const SETS = new Set(['finalizers', 'podCIDRs']);

function mergeKey(path: readonly string[]): string | undefined {
  const field = path.at(-1) ?? '';
  if (field === 'ports') {
    if (path.at(-2) === 'containers' || path.at(-2) === 'initContainers') return 'containerPort';
    return path.join('.') === 'spec.ports' ? 'port' : undefined;
  }
  if (field === 'addresses') return path.join('.') === 'status.addresses' ? 'type' : undefined;
  return Object.hasOwn(MERGE_KEYS, field) ? MERGE_KEYS[field] : undefined;
}

function plain(item: JsonRecord): JsonRecord {
  const { $patch: _directive, $retainKeys: _keys, ...rest } = item;
  return rest;
}

/** Container ports may share a number; then the protocol tells them apart, as kubectl writes it. */
function isSame(a: unknown, b: JsonRecord, key: string): boolean {
  if (at(a, key) !== b[key]) return false;
  if (key !== 'containerPort' && key !== 'port') return true;
  const [x, y] = [at(a, 'protocol') ?? 'TCP', b.protocol ?? 'TCP'];
  return x === y;
}

function mergeList(original: unknown, patch: readonly unknown[], path: readonly string[]): unknown[] {
  const key = mergeKey(path);
  if (key === undefined) {
    const isSet = SETS.has(path.at(-1) ?? '');
    return isSet
      ? [...new Set([...array(original), ...patch])]
      : patch.map((item) => (isRecord(item) ? plain(item) : item));
  }
  if (patch.some((item) => at(item, '$patch') === 'replace')) {
    return patch.filter((item) => at(item, '$patch') !== 'replace');
  }
  let result = [...array(original)];
  for (const item of patch) {
    if (!isRecord(item)) continue;
    const position = result.findIndex((other) => isSame(other, item, key));
    if (item.$patch === 'delete') result = result.filter((other) => at(other, key) !== item[key]);
    else if (position === -1) result.push(cleaned(item, path));
    else result[position] = mergeMap(result[position], item, path);
  }
  return result;
}

/** A new value without the directives it may contain. */
function cleaned(patch: JsonRecord, path: readonly string[]): unknown {
  return mergeMap({}, patch, path);
}

const FROM_LIST = '$deleteFromPrimitiveList/';
const DIRECTIVES = ['$patch', '$retainKeys', '$setElementOrder/'];

function retain(result: JsonRecord, keys: unknown): void {
  if (!Array.isArray(keys)) return;
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key];
}

function mergeMap(original: unknown, patch: JsonRecord, path: readonly string[]): JsonRecord {
  if (patch.$patch === 'replace') return plain(patch);
  if (patch.$patch === 'delete') return {};
  const result: JsonRecord = isRecord(original) ? { ...original } : {};
  retain(result, patch.$retainKeys);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(FROM_LIST)) {
      const field = key.slice(FROM_LIST.length);
      result[field] = array(result[field]).filter((item) => !array(value).includes(item));
    } else if (!DIRECTIVES.some((directive) => key.startsWith(directive))) {
      mergeField(result, key, value, path);
    }
  }
  return result;
}

function mergeField(result: JsonRecord, key: string, value: unknown, path: readonly string[]): void {
  const here = [...path, key];
  if (value === null) delete result[key];
  else if (Array.isArray(value)) result[key] = mergeList(result[key], value, here);
  else if (isRecord(value) && value.$patch === 'delete') delete result[key];
  else if (isRecord(value)) result[key] = mergeMap(result[key], value, here);
  else result[key] = value;
}

/** Puts lists into the order a patch asks for: named items first as listed, the rest after them as they were. */
function reorder(result: unknown, patch: unknown, path: readonly string[]): unknown {
  if (!isRecord(result) || !isRecord(patch)) return result;
  const ordered: JsonRecord = { ...result };
  for (const [key, order] of Object.entries(patch)) {
    const field = key.startsWith('$setElementOrder/') ? key.slice('$setElementOrder/'.length) : undefined;
    if (field === undefined) {
      if (isRecord(order)) ordered[key] = reorder(ordered[key], order, [...path, key]);
      continue;
    }
    const name = mergeKey([...path, field]);
    const rank = (item: unknown): number => {
      const found = array(order).findIndex((other) =>
        name === undefined ? other === item : at(other, name) === at(item, name),
      );
      return found === -1 ? Number.MAX_SAFE_INTEGER : found;
    };
    if (Array.isArray(ordered[field])) ordered[field] = ordered[field].toSorted((a, b) => rank(a) - rank(b));
  }
  return ordered;
}

/** Applies a strategic merge patch; the document is not changed. */
export function strategicMerge(document: unknown, patch: JsonRecord): unknown {
  return reorder(mergeMap(document, patch, []), patch, []);
}

/** The key by which the items of a list are merged, if any. */
export function listMergeKey(path: readonly string[]): string | undefined {
  return mergeKey(path);
}
