import 'server-only';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';

/** What is measured of the process, however many clusters it watches. */
export class ProcessMetrics {
  readonly #errors: Counter;
  readonly #loop = monitorEventLoopDelay({ resolution: 10 });

  constructor(register: Registry) {
    this.#loop.enable();
    collectDefaultMetrics({ register });
    this.#errors = new Counter({
      name: 'atlas_errors_total',
      help: 'Unexpected errors, all of them logged.',
      registers: [register],
    });
    const delay: Gauge = new Gauge({
      name: 'atlas_event_loop_delay_p99_milliseconds',
      help: 'Event-loop delay since the last scrape.',
      registers: [register],
      collect: () => {
        const p99 = this.#loop.percentile(99) / 1e6;
        this.#loop.reset();
        delay.set(Number.isFinite(p99) ? p99 : 0);
      },
    });
  }

  error(): void {
    this.#errors.inc();
  }

  stop(): void {
    this.#loop.disable();
  }
}
