/*
 * Time for the simulated controllers. Before `goLive` the clock is a virtual one that stands in the
 * past and jumps from task to task, so a fresh sandbox starts with hours of plausible history
 * (restart counts, hold times, ages); afterwards it is the wall clock and one timer.
 */

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

/** Runs delayed tasks in order of time, first on a virtual clock, then on the real one. */
export class Scheduler {
  private readonly tasks: Task[] = [];
  private readonly keyed = new Map<string, () => void>();
  private timer: NodeJS.Timeout | undefined;
  private virtual: number | undefined;
  private order = 0;
  private closed = false;

  /** `speed` divides every live delay: 10 makes the cluster ten times as quick. */
  constructor(
    startAt: number | undefined,
    private readonly speed = 1,
    private readonly onError: (error: unknown) => void = (error) => console.error(error),
  ) {
    this.virtual = startAt;
  }

  /** Milliseconds since the epoch: virtual before `goLive`, real afterwards. */
  now(): number {
    return this.virtual ?? Date.now();
  }

  /** The current time as the API writes it (whole seconds). */
  timestamp(): string {
    return formatTime(this.now());
  }

  get live(): boolean {
    return this.virtual === undefined;
  }

  /** Runs `run` after `ms`; the returned function cancels it. */
  after(ms: number, run: () => void): () => void {
    if (this.closed) return () => undefined;
    const delay = this.live ? ms / this.speed : ms;
    const task: Task = { at: this.now() + delay, order: this.order++, run };
    this.insert(task);
    if (this.live && this.tasks[0] === task) this.arm();
    return () => {
      const index = this.tasks.indexOf(task);
      if (index >= 0) this.tasks.splice(index, 1);
    };
  }

  /** Like `after`, but a later call with the same key takes the earlier one's place. */
  once(key: string, ms: number, run: () => void): void {
    this.keyed.get(key)?.();
    const cancel = this.after(ms, () => {
      this.keyed.delete(key);
      run();
    });
    this.keyed.set(key, cancel);
  }

  /** True while a task with this key waits. */
  has(key: string): boolean {
    return this.keyed.has(key);
  }

  cancel(key: string): void {
    this.keyed.get(key)?.();
    this.keyed.delete(key);
  }

  /** Moves the virtual clock to `to`, running all that falls due on the way. */
  advanceTo(to: number): void {
    if (this.virtual === undefined) return;
    for (let next = this.tasks[0]; next && next.at <= to; next = this.tasks[0]) {
      this.tasks.shift();
      this.virtual = Math.max(this.virtual, next.at);
      this.execute(next);
    }
    this.virtual = Math.max(this.virtual, to);
  }

  /** Switches to the wall clock; tasks that are still waiting keep their times. */
  goLive(): void {
    this.virtual = undefined;
    this.arm();
  }

  /** Forgets every task; nothing runs afterwards. */
  close(): void {
    this.closed = true;
    this.tasks.length = 0;
    clearTimeout(this.timer);
  }

  private insert(task: Task): void {
    let low = 0;
    let high = this.tasks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.tasks[middle];
      if (other && (other.at < task.at || (other.at === task.at && other.order < task.order)))
        low = middle + 1;
      else high = middle;
    }
    this.tasks.splice(low, 0, task);
  }

  private arm(): void {
    clearTimeout(this.timer);
    const next = this.tasks[0];
    if (!next || this.closed) return;
    this.timer = setTimeout(() => this.runDue(), Math.max(0, next.at - Date.now()));
  }

  private runDue(): void {
    // A bounded batch, so that a burst of work never starves the API server's sockets.
    for (let count = 0; count < 200; count++) {
      const next = this.tasks[0];
      if (!next || next.at > Date.now()) break;
      this.tasks.shift();
      this.execute(next);
    }
    this.arm();
  }

  private execute(task: Task): void {
    try {
      task.run();
    } catch (error) {
      this.onError(error);
    }
  }
}

/** A time as the Kubernetes API writes it: RFC 3339, whole seconds. */
export function formatTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
