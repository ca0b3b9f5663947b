/** Long work in slices: generators that yield where the caller may let others run. */

const SLICE = 256;

/** Does something to every item, yielding now and then. */
export function* sliced<T>(items: Iterable<T>, each: (item: T) => void): Generator<void> {
  let n = 0;
  for (const item of items) {
    each(item);
    if (++n % SLICE === 0) yield;
  }
}

/** Runs to the end without letting anyone else run. */
export function drain<T>(work: Generator<void, T>): T {
  for (;;) {
    const step = work.next();
    if (step.done) return step.value;
  }
}
