/*
 * The build alone, without sockets: how long the large scenario takes, what it keeps, and what one pod costs.
 *   node --conditions=react-server --expose-gc --import tsx bench/library.ts [--tenth] [--flips 500]
 * With `--cpu-prof` before the file, Node writes where the time goes.
 */
import { parseArgs } from 'node:util';
import { Atlas } from '@/lib/diagnosis/atlas';
import type { ObjectChange } from '@/lib/state/change';
import { candidates, coverage, flip, settle } from './library/build';
import { largeObjects } from './library/objects';
import { FULL, SMALL, sizeWords, TENTH } from './measure/sizes';
import { round, spread } from './measure/statistics';

const { values } = parseArgs({
  options: {
    tenth: { type: 'boolean' },
    small: { type: 'boolean' },
    flips: { type: 'string', default: '500' },
  },
});
const sizes = values.small ? SMALL : values.tenth ? TENTH : FULL;

function heapMb(): number {
  if (!globalThis.gc) throw new Error('start with --expose-gc');
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}

const empty = heapMb();
let objects: ObjectChange[] | null = await largeObjects(sizes);
const withObjects = heapMb();
const flipped = candidates(objects, Number(values.flips));
const count = objects.length;
const now = Date.now();
const atlas = new Atlas({ dns: false });
atlas.change(coverage);
atlas.change(objects.map((change) => ({ type: 'object', change })));
objects = null;
const built = settle(atlas, now);
const whole = heapMb();
const times: number[] = [];
let longest = 0;
for (const [i, [pod, slice]] of flipped.entries()) {
  for (const ready of [false, true]) {
    atlas.change(flip(pod, slice, ready).map((change) => ({ type: 'object', change })));
    const { total } = settle(atlas, now + i);
    times.push(total);
    longest = Math.max(longest, total);
  }
}
console.log(
  JSON.stringify(
    {
      on: sizeWords(sizes),
      objects: count,
      graph: {
        nodes: atlas.graph.nodes.size,
        edges: atlas.graph.edges.size,
        findings: atlas.graph.findings.size,
      },
      failures: atlas.failures,
      buildMs: round(built.total),
      buildCpuMs: round(built.cpu),
      longestRunMs: round(built.longest),
      publishMs: round(built.publish),
      turns: built.turns,
      heapMb: {
        objects: round(withObjects - empty),
        all: round(whole - empty),
        build: round(whole - withObjects),
        afterFlips: round(heapMb() - empty),
      },
      flipMs: spread(times),
    },
    null,
    2,
  ),
);
