import type { Query } from '@/lib/state/cells';
import type { Fragment } from './draft';
import { hostFragment } from './fragments/host';
import { ingressFragment } from './fragments/ingress';
import { namespaceFragment } from './fragments/namespace';
import { serviceFragment } from './fragments/service';

/** Which units a topology is made of: one for each key of these sources. */
export const UNITS: readonly { readonly query: Query<Fragment>; readonly sources: readonly string[] }[] = [
  { query: ingressFragment, sources: ['ingresses'] },
  { query: serviceFragment, sources: ['services'] },
  { query: namespaceFragment, sources: ['ingresses-of-namespace', 'policies-of-namespace'] },
  { query: hostFragment, sources: ['ingresses-by-host', 'services-by-host'] },
];
