import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as model from '@/lib/topology/model';
import type { Delta, Snapshot } from './messages';
import type { DeepReadonly } from './readonly';
import type * as schemas from './topology';

type Inferred<T extends z.ZodType> = DeepReadonly<z.infer<T>>;
type Schema = typeof schemas;

test('the schemas infer exactly the types of the model', () => {
  expectTypeOf<Inferred<Schema['statusSchema']>>().toEqualTypeOf<model.Status>();
  expectTypeOf<Inferred<Schema['nodeKindSchema']>>().toEqualTypeOf<model.NodeKind>();
  expectTypeOf<Inferred<Schema['edgeKindSchema']>>().toEqualTypeOf<model.EdgeKind>();
  expectTypeOf<Inferred<Schema['nodeSchema']>>().toEqualTypeOf<model.TopologyNode>();
  expectTypeOf<Inferred<Schema['edgeSchema']>>().toEqualTypeOf<model.TopologyEdge>();
  expectTypeOf<Inferred<Schema['findingSchema']>>().toEqualTypeOf<model.Finding>();
  expectTypeOf<Inferred<Schema['coverageSchema']>>().toEqualTypeOf<model.Coverage>();
  expectTypeOf<Inferred<Schema['clusterSchema']>>().toEqualTypeOf<model.ClusterInfo>();
  expectTypeOf<Inferred<Schema['summarySchema']>>().toEqualTypeOf<model.Summary>();
  expectTypeOf<Inferred<Schema['topologySchema']>>().toEqualTypeOf<model.Topology>();
});

test('the messages carry the model', () => {
  expectTypeOf<Snapshot>().toExtend<model.Topology>();
  expectTypeOf<Delta>().toExtend<model.TopologyDelta>();
});
