'use client';

import type { TopologyState } from '@/lib/wire/reduce';
import { FilterMenu } from './filter-menu';
import { type FilterOptions, filterOptions } from './filter-options';
import type { SetViewState, ViewState } from './view-state';

interface Props {
  readonly view: ViewState;
  readonly setView: SetViewState;
  readonly topology: TopologyState;
}

const MENUS: readonly (readonly [keyof FilterOptions, string])[] = [
  ['namespace', 'Namespace'],
  ['class', 'Class'],
  ['controller', 'Controller'],
];

/** Filters with values to tick. */
export function FilterMenus({ view, setView, topology }: Props) {
  const options = filterOptions(topology);
  return MENUS.map(([key, label]) => (
    <FilterMenu
      key={key}
      label={label}
      options={options[key]}
      chosen={view[key]}
      onChange={(values) => void setView({ [key]: values.length === 0 ? null : values })}
    />
  ));
}
