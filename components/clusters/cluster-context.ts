'use client';

import { createContext, useContext } from 'react';

/** The cluster that the page's address names; null: the first. */
export const ClusterContext = createContext<string | null>(null);

/** For what is asked of the server: see `withCluster`. */
export function useClusterId(): string | null {
  return useContext(ClusterContext);
}
