/* What the checks cost: all of them from scratch, each by itself, and those that one pod's change makes run again. */
import { Atlas } from '@/lib/diagnosis/atlas';
import { checkClock } from '@/lib/diagnosis/check';
import { candidates, coverage, flip, settle } from '../library/build';
import { largeObjects } from '../library/objects';
import type { Result } from '../measure/report';
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

/** Builds from scratch some times without the clock that slows it down, then once with it; flips pods in the last build. */
export async function measureChecks({ wide, quick }: Setup): Promise<Result> {
  const objects = await largeObjects(wide);
  const now = Date.now();
  const fresh = () => {
    const atlas = new Atlas({ dns: false });
    atlas.change(coverage);
    atlas.change(objects.map((change) => ({ type: 'object', change })));
    return atlas;
  };
  const whole = Array.from({ length: quick ? 2 : 5 }, () => settle(fresh(), now).total);
  const measured = fresh();
  const each = clocked(() => settle(measured, now));
  const all = sum(each);
  const flips = candidates(objects, quick ? 50 : 200).flatMap(([pod, slice], i) =>
    [false, true].map((ready) => {
      let total = 0;
      const spent = clocked(() => {
        measured.change(flip(pod, slice, ready).map((change) => ({ type: 'object', change })));
        ({ total } = settle(measured, now + i));
      });
      return { total, checks: sum(spent) };
    }),
  );
  const slowest = [...each].toSorted(([, a], [, b]) => b.ms - a.ms).slice(0, SLOWEST);
  return {
    name: 'checks',
    on: `${sizeWords(wide)}; ${measured.graph.findings.size} findings`,
    figures: [
      {
        name: 'all checks from scratch',
        value: all,
        unit: 'ms',
        target: TARGET_ALL_MS,
        how: `once, the sum over ${each.size} checks`,
      },
      {
        name: 'the build from scratch, checks in it',
        value: median(whole),
        unit: 'ms',
        how: `median of ${whole.length}, graph and findings`,
      },
      {
        name: 'checks after one pod changed, p99',
        value: quantile(
          flips.map(({ checks }) => checks),
          0.99,
        ),
        unit: 'ms',
        target: TARGET_FLIP_MS,
        how: `${flips.length} flips`,
      },
      {
        name: 'the build after one pod changed, p99',
        value: quantile(
          flips.map(({ total }) => total),
          0.99,
        ),
        unit: 'ms',
        how: `${flips.length} flips, graph and findings`,
      },
      ...slowest.map(([name, { ms, runs, longest }]) => ({
        name: `slowest: ${name}`,
        value: ms,
        unit: 'ms',
        how: `${runs} runs, the longest ${round(longest)} ms`,
      })),
    ],
    samples: {
      whole,
      flips: spread(flips.map(({ total }) => total)),
      checks: Object.fromEntries([...each].map(([name, { ms, runs }]) => [name, { ms: round(ms), runs }])),
    },
  };
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

function sum(spent: ReadonlyMap<string, Spent>): number {
  return [...spent.values()].reduce((total, { ms }) => total + ms, 0);
}
