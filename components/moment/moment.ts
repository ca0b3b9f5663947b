'use client';

/** Which moment is being looked at. What asks the cluster now must not stand beside what was seen then. */
import { createContext, useContext } from 'react';

export type Moment =
  | { readonly kind: 'live' }
  /** Rebuilt from the history that is kept; `at` is RFC 3339. */
  | { readonly kind: 'past'; readonly at: string }
  /** A snapshot: nothing of it changes any more. */
  | { readonly kind: 'frozen'; readonly at: string };

export const LIVE: Moment = { kind: 'live' };

export const MomentContext = createContext<Moment>(LIVE);

/** The moment that the page around shows. */
export function useMoment(): Moment {
  return useContext(MomentContext);
}
