import 'server-only';
import { MAX_DOCUMENT_BYTES } from '@/lib/snapshot/document';
import type { BucketSize } from './token-bucket';

export interface SnapshotLimits {
  /** Snapshots kept at once. */
  readonly count: number;
  /** Of all of them with their pictures. */
  readonly totalBytes: number;
  /** Of one document's JSON. */
  readonly documentBytes: number;
  /** Nodes of a view that names no budget; the rest is folded, what is broken last. */
  readonly nodes: number;
  readonly mostNodes: number;
  /** Of all together. */
  readonly creating: BucketSize;
  /** Of one person: nobody keeps all others from sharing. */
  readonly creatingOfOne: BucketSize;
  /** Ids that do not exist, for each address. */
  readonly guessing: BucketSize;
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {
  count: 5000,
  totalBytes: 2e9,
  documentBytes: MAX_DOCUMENT_BYTES,
  nodes: 1500,
  mostNodes: 5000,
  creating: { burst: 10, everyMs: 6000 },
  creatingOfOne: { burst: 6, everyMs: 12_000 },
  guessing: { burst: 30, everyMs: 2000 },
};
