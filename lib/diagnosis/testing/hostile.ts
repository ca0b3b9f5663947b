/** Objects of a cluster as nobody should send them: fields missing, null, of another type, huge, or with names that bite. */
import { Interner } from '@/lib/kube/project/interner';
import { type ProjectedKind, project } from '@/lib/kube/project/project';
import { objectKey } from '@/lib/kube/refs';
import { RESOURCES } from '@/lib/kube/resources';
import type { ObjectChange } from '@/lib/state/change';
import { secretOf } from './secret';

/** An object of the API before it is projected. */
export interface RawObject {
  readonly kind?: unknown;
  readonly metadata?: object;
}

/** What stands in a field instead of what belongs there; `undefined` takes the field away. */
export const ODD_VALUES: readonly unknown[] = [
  undefined,
  null,
  true,
  0,
  -1,
  1e308,
  Number.NaN,
  65_536,
  '',
  '0',
  '*',
  '/',
  '..',
  'x'.repeat(70_000),
  'a\u0000b',
  '\u202egnp.exe\u202c',
  'a\ud83d',
  '__proto__',
  'constructor',
  'toString',
  '$(id)',
  '(((((',
  '9999-12-31T23:59:59Z',
  'yesterday',
  '10.0.0.0/99',
  '::ffff:10.0.0.1',
  [],
  [null],
  [[]],
  ['', null, 7, {}],
  Array.from({ length: 300 }, (_, i) => `item-${i}`),
  {},
  { a: null },
  { '': {} },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":"x","name":"__proto__"}'),
];

/** One change: which place of the object (counted anew modulo its number), and which value. */
export interface Mutation {
  readonly place: number;
  readonly value: unknown;
}

type Place = readonly (string | number)[];

/** Places of an object that a mutation may hit, parents before what they hold; not the kind, by which it is told what it is. */
function placesOf(value: unknown, above: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return own.flatMap((key): Place[] => {
    const place = [...above, key];
    if (place.length === 1 && (key === 'kind' || key === 'apiVersion')) return [];
    return [place, ...placesOf((value as Record<string | number, unknown>)[key], place)];
  });
}

/** A copy of the object with the mutations made, one after the other. */
export function mutated<T extends object>(raw: T, mutations: readonly Mutation[]): T {
  const copy = structuredClone(raw);
  for (const { place, value } of mutations) {
    // A Secret's content comes projected from the server; what a user may make odd of it is its metadata.
    const all = placesOf(copy).filter(([first]) => first === 'metadata' || !isKind(raw, 'Secret'));
    const target = all[place % all.length];
    if (target) put(copy, target, value);
  }
  return copy;
}

function isKind(raw: object, kind: string): boolean {
  return (raw as RawObject).kind === kind;
}

function put(root: object, place: Place, value: unknown): void {
  let parent = root as Record<string | number, unknown>;
  for (const key of place.slice(0, -1)) parent = parent[key] as Record<string | number, unknown>;
  const last = place.at(-1) as string | number;
  if (value === undefined && !Array.isArray(parent)) delete parent[last];
  else parent[last] = structuredClone(value);
}

const interner = new Interner();

/** What the store would be told of it; null where it has no usable name, as the watcher drops it. Throws what a projection throws. */
export function changeOf(raw: RawObject): ObjectChange | null {
  const resource = RESOURCES.find(({ kind }) => kind === raw.kind);
  if (!resource) return null;
  const object =
    resource.id === 'secrets' ? hostileSecret(raw) : project(resource.id as ProjectedKind, raw, interner);
  if (object === null) return null;
  const key = objectKey(resource.namespaced ? object.namespace : '', object.name);
  return { kind: resource.id, key, object } as ObjectChange;
}

function hostileSecret(raw: RawObject) {
  // The helper that stands for the server throws without a name, where the server drops the object.
  return project('configmaps', { metadata: raw.metadata }, interner) === null ? null : secretOf(raw);
}
