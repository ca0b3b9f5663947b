import 'server-only';
import type { ResourceCoverage } from '@/lib/state/change';
import type { ClusterInfo, Coverage, TopologyDelta } from '@/lib/topology/model';
import type { Engine } from './engine';
import type { PublishTiming } from './publish-timer';
import type { Head } from './shared-view';
import type { ViewLimits } from './view-pool';

export interface Published {
  /** From the oldest change in it until clients could be told; null on a mere wake. */
  readonly lagMs: number | null;
  readonly head: Head;
  readonly delta: TopologyDelta;
}

export interface HubOptions {
  readonly engine: Engine;
  /** Of this process; without dots. */
  readonly epoch: string;
  readonly cluster: ClusterInfo;
  /** How to grant what a resource lacks. */
  readonly coverageOf: (coverage: ResourceCoverage) => Coverage;
  readonly onPublished?: (published: Published) => void;
  /** After the engine has run, for so many milliseconds: what it wants to know may have changed. */
  readonly onRun?: (ms: number) => void;
  /** Before anybody is shown what no entry reaches. */
  readonly prepareInternal?: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly now?: () => number;
  readonly timing?: PublishTiming;
  readonly viewLimits?: ViewLimits;
}
