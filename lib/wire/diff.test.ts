import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as history from '@/lib/history/model';
import type { topologyDiffFields, WireChangeEvent, WireDiff, WireNodeChange } from './diff';
import type { DeepReadonly } from './readonly';

test('the schemas infer exactly the types of history', () => {
  expectTypeOf<
    DeepReadonly<z.infer<z.ZodObject<typeof topologyDiffFields>>>
  >().toEqualTypeOf<history.TopologyDiff>();
  expectTypeOf<WireNodeChange>().toEqualTypeOf<history.NodeChange>();
  expectTypeOf<WireChangeEvent>().toEqualTypeOf<history.ChangeEvent>();
  expectTypeOf<WireDiff>().toExtend<history.TopologyDiff>();
});
