/** The facts of a node without names. */
import type { EditFact, ServiceWorkload } from '@/lib/topology/details';
import type { Detail } from '@/lib/topology/model';

/** What stands under a key: names of a kind. Everything else that is text is a sentence. */
const NAMES: Readonly<Record<string, string>> = {
  host: 'host',
  cnames: 'host',
  names: 'host',
  address: 'address',
  addresses: 'address',
  ip: 'address',
  server: 'address',
  image: 'image',
  node: 'node',
  workload: 'workload',
  service: 'service',
  services: 'service',
  ingress: 'ingress',
  class: 'class',
  classes: 'class',
  secret: 'secret',
  namespaces: 'namespace',
  issuer: 'issuer',
  team: 'team',
  path: 'path',
  of: 'domain',
};

/** Under these the keys are names too. */
const MAPS: ReadonlySet<string> = new Set(['selector', 'labels', 'annotations', 'images']);

/** Words of ours or of the API; what looks otherwise is a sentence. */
const WORDS: ReadonlySet<string> = new Set([
  'type',
  'phase',
  'pathType',
  'confidence',
  'outcome',
  'folds',
  'state',
  'notAfter',
]);
const PLAIN_WORD = /^[A-Za-z0-9][A-Za-z0-9:.+ -]{0,39}$/;

/** A field of ours. Anything else that is a key comes from the cluster, also where this file knows nothing of its map. */
const FIELD = /^[a-z][A-Za-z0-9]{0,40}$/;

/** How names and sentences are changed; where names are only gathered both give back what they got. */
export interface Changer {
  readonly name: (value: string, kind: string) => string;
  readonly text: (value: string) => string;
}

/** The same facts with all names and sentences changed. */
export function changedDetail(detail: Detail, changer: Changer): Detail {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [
      FIELD.test(key) ? key : changer.name(key, 'label'),
      changed(key, value, changer),
    ]),
  );
}

/** Structures in which a key says less than where it stands. */
const STRUCTURES: Readonly<Record<string, (value: object, changer: Changer) => object>> = {
  edits: changedEdit,
  workloads: changedWorkload,
};

function changed(key: string, value: unknown, changer: Changer): unknown {
  if (Array.isArray(value)) return value.map((item) => changed(key, item, changer));
  if (typeof value === 'object' && value !== null) {
    if (MAPS.has(key)) return changedMap(value, changer);
    if (Object.hasOwn(STRUCTURES, key)) return STRUCTURES[key]?.(value, changer);
    return changedDetail(value as Detail, changer);
  }
  return typeof value === 'string' ? changedText(key, value, changer) : value;
}

function changedText(key: string, value: string, changer: Changer): string {
  const kind = Object.hasOwn(NAMES, key) ? NAMES[key] : undefined;
  if (kind !== undefined) return qualified(value, kind, changer);
  return WORDS.has(key) && PLAIN_WORD.test(value) ? value : changer.text(value);
}

/** `NAMESPACE/NAME` is two names; a path or an image is one. */
function qualified(value: string, kind: string, changer: Changer): string {
  const parts = value.split('/');
  if (kind === 'path' || kind === 'image' || kind === 'address' || parts.length === 1)
    return changer.name(value, kind);
  return parts
    .map((part, index) => changer.name(part, index < parts.length - 1 ? 'namespace' : kind))
    .join('/');
}

/** `KIND NAMESPACE/NAME`, and who edited it. */
function changedEdit(value: object, changer: Changer): object {
  const { object, manager, at } = value as Partial<EditFact>;
  const [kind = '', place = ''] = (object ?? '').split(' ', 2);
  const [namespace = '', name = ''] = place.split('/', 2);
  const shown = `${changer.name(namespace, 'namespace')}/${changer.name(name, kind.toLowerCase())}`;
  return { object: `${kind} ${shown}`, manager: changer.name(manager ?? '', 'manager'), at };
}

function changedWorkload(value: object, changer: Changer): object {
  const { kind = '', name = '', images = {}, replicas, generation } = value as Partial<ServiceWorkload>;
  return {
    kind,
    name: changer.name(name, kind.toLowerCase()),
    images: changedMap(images, changer),
    replicas,
    generation,
  };
}

function changedMap(value: object, changer: Changer): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      changer.name(key, 'label'),
      typeof item === 'string' ? changer.name(item, 'value') : null,
    ]),
  );
}
