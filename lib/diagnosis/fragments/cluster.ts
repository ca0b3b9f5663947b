/** What concerns the cluster as a whole: findings without a place in the graph. */
import type { Fragment } from '@/lib/diagnosis/draft';
import { clusterFindings } from '@/lib/diagnosis/registry';
import type { Query } from '@/lib/state/cells';

export const clusterFragment: Query<Fragment> = {
  name: 'cluster-fragment',
  level: 12,
  compute: (read) => ({
    nodes: [],
    edges: [],
    findings: clusterFindings(read).map((found) => found.draft),
  }),
};
