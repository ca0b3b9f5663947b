/* What the checks cost: all of them from scratch, each by itself, and those that one pod's change makes run again. */
import { Atlas } from '@/lib/diagnosis/atlas';
import { checkClock } from '@/lib/diagnosis/check';
import { candidates, coverage, flip, type Settled, settle } from '../library/build';
import { largeObjects } from '../library/objects';
import type { Figure, Result } from '../measure/report';
import { sizeWords } from '../measure/sizes';
import { median, quantile, round, spread } from '../measure/statistics';
import type { Setup } from './setup';

const TARGET_ALL_MS = 1500;
const TARGET_FLIP_MS = 3;
const SLOWEST = 10;

interface Spent {
  ms: number;
  runs: number;
  longest: number;
}

/** Time of a build, and what its checks took of it, in ms. */
interface Timed {
  readonly total: number;
  readonly checks: number;
}

/** Builds from scratch some times, then once with the clock of each check, which slows it down; flips pods in the last build. */
export async function measureChecks({ wide, quick }: Setup): Promise<Result> {
  const objects = await largeObjects(wide);
  const now = Date.now();
  const fresh = () => {
    const atlas = new Atlas({ dns: false });
    atlas.change(coverage);
    atlas.change(objects.map((change) => ({ type: 'object', change })));
    return atlas;
  };
  const scratch = Array.from({ length: quick ? 2 : 5 }, () => {
    const atlas = fresh();
    return timed(() => settle(atlas, now));
  });
  const measured = fresh();
  const each = clocked(() => settle(measured, now));
  const flips = candidates(objects, quick ? 50 : 200).flatMap(([pod, slice], i) =>
    [false, true].map((ready) =>
      timed(() => {
        measured.change(flip(pod, slice, ready).map((change) => ({ type: 'object', change })));
        return settle(measured, now + i);
      }),
    ),
  );
  return {
    name: 'checks',
    on: `${sizeWords(wide)}; ${measured.graph.findings.size} findings`,
    figures: [...figures(scratch, flips, each.size), ...slowest(each)],
    samples: {
      scratch,
      flips: spread(flips.map(({ total }) => total)),
      checks: Object.fromEntries([...each].map(([name, { ms, runs }]) => [name, { ms: round(ms), runs }])),
    },
  };
}

function figures(scratch: readonly Timed[], flips: readonly Timed[], checks: number): readonly Figure[] {
  const p99 = (of: (flip: Timed) => number) => quantile(flips.map(of), 0.99);
  return [
    {
      name: 'all checks from scratch',
      value: median(scratch.map((build) => build.checks)),
      unit: 'ms',
      target: TARGET_ALL_MS,
      how: `median of ${scratch.length} builds, ${checks} checks`,
    },
    {
      name: 'the build from scratch, checks in it',
      value: median(scratch.map((build) => build.total)),
      unit: 'ms',
      how: `median of ${scratch.length}, graph and findings`,
    },
    {
      name: 'checks after one pod changed, p99',
      value: p99((flip) => flip.checks),
      unit: 'ms',
      target: TARGET_FLIP_MS,
      how: `${flips.length} flips`,
    },
    {
      name: 'the build after one pod changed, p99',
      value: p99((flip) => flip.total),
      unit: 'ms',
      how: `${flips.length} flips, graph and findings`,
    },
  ];
}

function slowest(each: ReadonlyMap<string, Spent>): readonly Figure[] {
  const worst = [...each].toSorted(([, a], [, b]) => b.ms - a.ms).slice(0, SLOWEST);
  return worst.map(([name, { ms, runs, longest }]) => ({
    name: `slowest: ${name}`,
    value: ms,
    unit: 'ms',
    how: `${runs} runs, the longest ${round(longest)} ms`,
  }));
}

function clocked(work: () => void): ReadonlyMap<string, Spent> {
  const spent = new Map<string, Spent>();
  checkClock.onRun = (check, ms) => {
    const entry = spent.get(check) ?? { ms: 0, runs: 0, longest: 0 };
    entry.ms += ms;
    entry.runs++;
    entry.longest = Math.max(entry.longest, ms);
    spent.set(check, entry);
  };
  try {
    work();
  } finally {
    checkClock.onRun = null;
  }
  return spent;
}

/** With the clock of each check off. */
function timed(work: () => Settled): Timed {
  let checks = 0;
  checkClock.onUnit = (ms) => {
    checks += ms;
  };
  try {
    const { total } = work();
    return { total, checks };
  } finally {
    checkClock.onUnit = null;
  }
}
