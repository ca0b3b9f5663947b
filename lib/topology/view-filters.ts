import type { Status } from './model';

/** Which part of the topology is wanted. Empty lists, '' and null mean "no restriction". */
export interface ViewFilters {
  readonly namespace: readonly string[];
  readonly host: readonly string[];
  readonly class: readonly string[];
  readonly controller: readonly string[];
  readonly service: readonly string[];
  readonly status: readonly Status[];
  /** Text searched in names, ids, hosts, paths and addresses. */
  readonly q: string;
  /** Node id: only the chains through it. */
  readonly focus: string | null;
  /** Ids of groups to unfold. */
  readonly expand: readonly string[];
  /** Most nodes wanted; null: no folding. */
  readonly budget: number | null;
  readonly scope: 'entry' | 'all';
  /** null: the first cluster. */
  readonly cluster: string | null;
}

/** The whole topology, unfolded. */
export const NO_FILTERS: ViewFilters = {
  namespace: [],
  host: [],
  class: [],
  controller: [],
  service: [],
  status: [],
  q: '',
  focus: null,
  expand: [],
  budget: null,
  scope: 'entry',
  cluster: null,
};

/** Whether the filters choose some chains rather than all; folding chooses nothing. */
export function selects(filters: ViewFilters): boolean {
  const lists = [
    filters.namespace,
    filters.host,
    filters.class,
    filters.controller,
    filters.service,
    filters.status,
  ];
  return filters.focus !== null || filters.q !== '' || lists.some((list) => list.length > 0);
}
