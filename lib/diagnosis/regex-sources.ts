import type { ObjectKey } from '@/lib/kube/refs';
import { usesRegex } from '@/lib/routing/paths';
import type { Query } from '@/lib/state/cells';
import { members, object } from '@/lib/topology/reads';

/**
 * The Ingresses of a host that make ingress-nginx read all of its paths as expressions (lib/routing `usesRegex`), sorted:
 * asked once for the host, not once for each of its rules.
 */
export const regexSources: Query<readonly ObjectKey[]> = {
  name: 'regex-sources',
  level: 2,
  compute: (read, host) =>
    members(read, 'ingresses-by-host', host).filter((key) => {
      const ingress = object(read, 'ingresses', key);
      return ingress !== undefined && ingress.deleting === null && usesRegex(ingress.annotations);
    }),
};
