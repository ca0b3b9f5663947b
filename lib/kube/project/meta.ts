import type { Labels, Meta } from '@/lib/kube/objects';
import type { Interner } from './interner';
import { cut, flag, list, type Raw, record, text, time } from './raw';
import { maskSnippet } from './secrecy';
import { equalData } from './share';

/** Copies of a whole object, or values that change without meaning: both cost memory and wake us for nothing. */
const DROPPED_ANNOTATIONS = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'objectset.rio.cattle.io/applied',
  'kapp.k14s.io/original',
  'banzaicloud.com/last-applied',
  'endpoints.kubernetes.io/last-change-trigger-time',
  'control-plane.alpha.kubernetes.io/leader',
]);

const EMPTY: Labels = Object.freeze({});
/** Longest annotation kept, in characters: snippets of a configuration are long, and are judged. */
const LONGEST_ANNOTATION = 16_384;

/** String pairs of a map at `place` as shared plain data; `__proto__` is no key that Kubernetes allows. `like` is often equal. */
export function labels(value: unknown, interner: Interner, place = 'labels', like?: Labels): Labels {
  const raw = record(value);
  if (like !== undefined && equalData(like, raw)) return like;
  const neighbour = interner.neighbour<Labels>(place, raw);
  if (neighbour !== null) return neighbour;
  const out: Record<string, string> = {};
  let any = false;
  for (const key in raw) {
    if (key === '__proto__' || raw[key] === null || typeof raw[key] === 'object') continue;
    out[key] = text(raw[key]);
    any = true;
  }
  return any ? interner.near(place, out) : EMPTY;
}

/** Annotations without copies of the object; long ones cut at `longest` characters, credentials in snippets masked. */
export function annotations(value: unknown, interner: Interner, longest = LONGEST_ANNOTATION): Labels {
  const raw = record(value);
  const out: Record<string, string> = {};
  let any = false;
  for (const key in raw) {
    if (key === '__proto__' || DROPPED_ANNOTATIONS.has(key) || typeof raw[key] === 'object') continue;
    const content = text(raw[key]);
    out[key] = cut(key.includes('snippet') ? maskSnippet(content) : content, longest);
    any = true;
  }
  return any ? interner.value('annotations', out) : EMPTY;
}

function ownerOf(value: unknown, interner: Interner): Meta['owner'] {
  for (const entry of list(value)) {
    const owner = record(entry);
    if (!flag(owner.controller)) continue;
    const version = text(owner.apiVersion);
    const slash = version.indexOf('/');
    const group = slash < 0 ? '' : cut(version.slice(0, slash), 253);
    return interner.near('owner', { group, kind: text(owner.kind), name: text(owner.name) });
  }
  return null;
}

/** What all kinds have in common; null without a usable name (empty, or with a slash, which no key could hold). */
export function meta(raw: Raw, interner: Interner, longestAnnotation = LONGEST_ANNOTATION): Meta | null {
  const source = record(raw.metadata);
  const name = text(source.name);
  const namespace = text(source.namespace);
  if (name === '' || name.includes('/') || namespace.includes('/')) return null;
  return {
    namespace: interner.text(namespace),
    name,
    uid: text(source.uid),
    created: time(source.creationTimestamp),
    deleting: time(source.deletionTimestamp),
    labels: labels(source.labels, interner),
    annotations: annotations(source.annotations, interner, longestAnnotation),
    owner: ownerOf(source.ownerReferences, interner),
  };
}
