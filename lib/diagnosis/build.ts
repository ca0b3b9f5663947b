import type { Change, ObjectChange } from '@/lib/state/change';
import type { Graph } from '@/lib/topology/graph';
import type { Summary } from '@/lib/topology/model';
import type { BuildConfig } from '@/lib/topology/reads';
import { Atlas } from './atlas';
import { NO_OBSERVATIONS, type Observations } from './settle';

export interface Built {
  readonly graph: Graph;
  readonly summary: Summary;
  readonly observations: Observations;
}

/**
 * The definition of the topology: the same four inputs give the same answer, in any order of events (TRUTH "Judging" 1).
 * @param facts what probes saw and which resources may be read
 * @param now epoch ms
 */
export function build(
  objects: readonly ObjectChange[],
  facts: readonly Change[],
  observations: Observations = NO_OBSERVATIONS,
  now = 0,
  config: Partial<BuildConfig> = {},
): Built {
  const atlas = new Atlas(config, observations);
  atlas.change(objects.map((change) => ({ type: 'object', change })));
  atlas.change(facts);
  while (!atlas.run(now));
  atlas.publish(now);
  return { graph: atlas.graph, summary: atlas.summary, observations: atlas.observations };
}
