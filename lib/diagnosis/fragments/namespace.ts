/** What is said of a namespace as a whole: findings without a place in the graph. */
import { EMPTY_FRAGMENT, type Fragment } from '@/lib/diagnosis/draft';
import { namespaceChecks } from '@/lib/diagnosis/registry';
import type { Query } from '@/lib/state/cells';

export const namespaceFragment: Query<Fragment> = {
  name: 'namespace-fragment',
  level: 11,
  compute: (read, namespace) => {
    const found = read.query(namespaceChecks, namespace);
    return found.length === 0
      ? EMPTY_FRAGMENT
      : { ...EMPTY_FRAGMENT, findings: found.map(({ draft }) => draft) };
  },
};
