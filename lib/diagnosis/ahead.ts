/** The head start of a first build, while the last list is still being read. */
import type { KindName } from '@/lib/kube/objects';
import type { Query } from '@/lib/state/cells';
import type { Listing, ResourceCoverage } from '@/lib/state/change';
import type { QueryEngine } from '@/lib/state/query-engine';
import type { ObjectStore } from '@/lib/state/store';
import { INDEXES } from '@/lib/topology/indexes';
import { hostFragment } from './fragments/host';
import { ingressFragment } from './fragments/ingress';
import { namespaceFragment } from './fragments/namespace';
import { serviceFragment } from './fragments/service';

type Unit = readonly [query: Query<unknown>, key: string];

/** So many units of a kind that wait for one namespace: the others will too, and are not tried before. */
const SAME_WAIT = 3;

/**
 * A cluster's pods take longer to read than all else, and come in the order of their namespaces: what lies in those that
 * are whole is worked out meanwhile. What reads beyond them waits, and what changes all the same is computed again, so the
 * result never depends on this.
 */
export class Ahead {
  readonly #store: ObjectStore;
  readonly #engine: QueryEngine;
  #resource: KindName | null = null;
  /** Inputs that the list feeds. */
  #fed: ReadonlySet<string> = new Set();
  #at = '';
  /** Those still to come, in order. */
  #namespaces: string[] = [];
  #units: Unit[] = [];
  /** Units that wait for a namespace, and kinds of units that would. */
  readonly #waiting = new Map<string, Unit[]>();
  readonly #stuck = new Map<Query<unknown>, string>();
  #moved = false;
  #refused = false;

  constructor(store: ObjectStore, engine: QueryEngine) {
    this.#store = store;
    this.#engine = engine;
  }

  /** The list has come further. */
  take({ resource, at }: Listing): void {
    if (this.#refused) return;
    if (at === null || (this.#resource !== null && isBefore(at, this.#at))) {
      this.end();
      return;
    }
    if (this.#resource === null) this.#begin(resource);
    this.#moved ||= this.#at !== at;
    this.#at = at;
  }

  /** While a list goes on, what it will say of its resource. */
  assumed(source: string, key: string): ResourceCoverage | undefined {
    if (source !== 'coverage' || key !== this.#resource) return;
    return { resource: this.#resource, state: 'watched', reason: '' };
  }

  /** Works until `late`, or until there is nothing left (true). */
  run(now: number, late: () => boolean): boolean {
    if (this.#resource === null) return true;
    if (this.#moved) this.#pass();
    for (let unit = this.#units.pop(); unit; unit = this.#units.pop()) {
      this.#try(unit, now);
      if (late()) return false;
    }
    return true;
  }

  /** From now on inputs are as they were told. */
  end(): void {
    this.#refused = true;
    if (this.#resource === null) return;
    const resource = this.#resource;
    this.#resource = null;
    this.#engine.invalidate('coverage', resource);
    this.#units = [];
    this.#namespaces = [];
    this.#waiting.clear();
    this.#stuck.clear();
  }

  #begin(resource: KindName): void {
    this.#resource = resource;
    const indexes = Object.entries(INDEXES).filter(([, rows]) => rows.some((row) => row.kind === resource));
    this.#fed = new Set([resource, ...indexes.map(([name]) => name)]);
    const all = new Set<string>();
    for (const index of ['ingresses-of-namespace', 'services-of-namespace'])
      for (const namespace of this.#store.indexKeys(index)) all.add(namespace);
    this.#namespaces = [...all].sort();
    // Somebody may have asked before.
    this.#engine.invalidate('coverage', resource);
  }

  /** Units of the namespaces that have become whole, and those that waited for them. */
  #pass(): void {
    this.#moved = false;
    const passed = this.#namespaces.filter((namespace) => isBefore(namespace, this.#at));
    this.#namespaces = this.#namespaces.filter((namespace) => !isBefore(namespace, this.#at));
    const units = passed.flatMap((namespace) => this.#unitsOf(namespace));
    for (const [namespace, waiting] of this.#waiting) {
      if (!isBefore(namespace, this.#at)) continue;
      this.#waiting.delete(namespace);
      for (const unit of waiting) units.push(unit);
    }
    for (const [query, namespace] of this.#stuck)
      if (isBefore(namespace, this.#at)) this.#stuck.delete(query);
    // Taken from the end: what was there before comes first.
    this.#units = units.reverse().concat(this.#units);
  }

  #unitsOf(namespace: string): readonly Unit[] {
    const ingresses = this.#store.index('ingresses-of-namespace', namespace);
    const hosts = new Set(
      ingresses.flatMap((key) => {
        const ingress = this.#store.get('ingresses', key);
        return ingress ? INDEXES['ingresses-by-host'].flatMap(({ keys }) => keys(ingress)) : [];
      }),
    );
    return [
      ...ingresses.map((key): Unit => [ingressFragment, key]),
      ...this.#store.index('services-of-namespace', namespace).map((key): Unit => [serviceFragment, key]),
      [namespaceFragment, namespace],
      ...[...hosts].map((host): Unit => [hostFragment, host]),
    ];
  }

  #try(unit: Unit, now: number): void {
    const [query, key] = unit;
    const stuck = this.#stuck.get(query);
    const lacking = stuck ?? this.#engine.ahead(query, key, now, this.#lacks);
    if (lacking === null) return;
    const waiting = this.#waiting.get(lacking) ?? [];
    this.#waiting.set(lacking, waiting);
    waiting.push(unit);
    if (stuck === undefined && waiting.filter(([other]) => other === query).length >= SAME_WAIT)
      this.#stuck.set(query, lacking);
  }

  /** The namespace of an input that the list has not passed yet. */
  readonly #lacks = (source: string, key: string): string | null => {
    if (!this.#fed.has(source)) return null;
    const slash = key.indexOf('/');
    const namespace = slash < 0 ? key : key.slice(0, slash);
    return isBefore(namespace, this.#at) ? null : namespace;
  };
}

/** Whether a namespace is done when another one has begun, by names as by keys of etcd (`a-b/` stands before `a/`). */
function isBefore(namespace: string, other: string): boolean {
  return namespace < other && [namespace, ''].join('/') < [other, ''].join('/');
}
