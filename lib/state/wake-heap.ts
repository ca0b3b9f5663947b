/** Min-heap of due times. Entries are never removed early: the owner checks whether a due entry still counts. */
export class WakeHeap<T> {
  readonly #times: number[] = [];
  readonly #items: T[] = [];

  /** Adds an entry due at `time` (epoch ms). */
  push(time: number, item: T): void {
    let at = this.#times.length;
    this.#times.push(time);
    this.#items.push(item);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((this.#times[parent] as number) <= time) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** The earliest due time; null when empty. */
  next(): number | null {
    return this.#times[0] ?? null;
  }

  /** Takes out every entry due by `now`. */
  due(now: number): T[] {
    const result: T[] = [];
    while (this.#times.length > 0 && (this.#times[0] as number) <= now) {
      result.push(this.#items[0] as T);
      this.#removeTop();
    }
    return result;
  }

  #removeTop(): void {
    const time = this.#times.pop() as number;
    const item = this.#items.pop() as T;
    if (this.#times.length === 0) return;
    this.#times[0] = time;
    this.#items[0] = item;
    let at = 0;
    for (;;) {
      const left = at * 2 + 1;
      if (left >= this.#times.length) return;
      const right = left + 1;
      const child =
        right < this.#times.length && (this.#times[right] as number) < (this.#times[left] as number)
          ? right
          : left;
      if ((this.#times[child] as number) >= (this.#times[at] as number)) return;
      this.#swap(at, child);
      at = child;
    }
  }

  #swap(a: number, b: number): void {
    [this.#times[a], this.#times[b]] = [this.#times[b] as number, this.#times[a] as number];
    [this.#items[a], this.#items[b]] = [this.#items[b] as T, this.#items[a] as T];
  }
}
