import 'server-only';
import { setImmediate as turn } from 'node:timers/promises';

/** Longest time that one piece of work may hold the event loop. */
const BUDGET_MS = 10;

/** Runs a sliced piece of work, letting others run whenever its time is up. */
export async function inTurns<T>(work: Generator<void, T>): Promise<T> {
  let end = performance.now() + BUDGET_MS;
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
    if (performance.now() < end) continue;
    await turn();
    end = performance.now() + BUDGET_MS;
  }
}

/** Lets everything that waits run once. */
export async function yieldTurn(): Promise<void> {
  await turn();
}

/** Repeats a piece of work, letting others run in between, until it says that it is done; gives the milliseconds that the work itself took. */
export async function workTime(work: () => boolean): Promise<number> {
  let spent = 0;
  for (;;) {
    const began = performance.now();
    const done = work();
    spent += performance.now() - began;
    if (done) return spent;
    await turn();
  }
}

/** One after the other: what reads the graph in slices must not see it change in between. */
export class Serial {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
