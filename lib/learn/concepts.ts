/** All concept pages, in the order in which one would read them. */
import type { Concept } from './concept';
import { DNS, INGRESS_AND_SERVICE, MANY_LOAD_BALANCERS, NODE_PORT, TWO_PARTS } from './entry-concepts';
import { DEFAULT_BACKEND, EMPTY_ENDPOINTS, INGRESS_CLASS, PATHS_OR_HOSTS, TLS } from './rule-concepts';

export const CONCEPTS: readonly Concept[] = [
  INGRESS_AND_SERVICE,
  TWO_PARTS,
  PATHS_OR_HOSTS,
  INGRESS_CLASS,
  TLS,
  DEFAULT_BACKEND,
  EMPTY_ENDPOINTS,
  DNS,
  NODE_PORT,
  MANY_LOAD_BALANCERS,
];

/** Slugs of the pages that explain a kind of node, the nearest first. */
export const CONCEPTS_OF_KIND: Readonly<Record<string, readonly string[]>> = {
  host: ['dns', 'paths-or-hosts'],
  address: ['dns'],
  loadbalancer: ['many-load-balancers', 'node-port'],
  controller: ['two-parts'],
  rule: ['paths-or-hosts', 'default-backend'],
  class: ['ingress-class'],
  secret: ['tls'],
  service: ['ingress-and-service', 'empty-endpoints'],
  pod: ['empty-endpoints'],
  endpoint: ['empty-endpoints'],
};

const KIND_OF_HOP: Readonly<Record<string, string>> = { dns: 'host', tls: 'secret', endpoints: 'endpoint' };

/** Slugs of the pages that explain a hop. */
export function conceptsOfHop(hop: string): readonly string[] {
  return CONCEPTS_OF_KIND[KIND_OF_HOP[hop] ?? hop] ?? [];
}

/** A page by its slug. */
export function conceptBySlug(slug: string): Concept | undefined {
  return CONCEPTS.find((concept) => concept.slug === slug);
}
