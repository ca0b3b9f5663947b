import 'server-only';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, collectDefaultMetrics, Gauge, Histogram, type Registry } from 'prom-client';
import type { Answered } from './http/answered';
import { MS } from './metrics/work';

/** What is measured of the process, however many clusters it watches. */
export class ProcessMetrics {
  readonly #errors: Counter;
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #answers: Histogram<'route'>;
  readonly #loop = monitorEventLoopDelay({ resolution: 10 });

  constructor(register: Registry) {
    this.#loop.enable();
    collectDefaultMetrics({ register });
    this.#errors = new Counter({
      name: 'atlas_errors_total',
      help: 'Unexpected errors, all of them logged.',
      registers: [register],
    });
    this.#requests = new Counter({
      name: 'atlas_http_requests_total',
      help: 'Answers of the API; 429 and 503 are those who asked too much.',
      labelNames: ['route', 'method', 'status'],
      registers: [register],
    });
    this.#answers = new Histogram({
      name: 'atlas_http_answer_milliseconds',
      help: 'Time until an answer of the API began.',
      labelNames: ['route'],
      buckets: MS,
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

  /** The API has answered. */
  answered({ route, method, status, ms }: Answered): void {
    this.#requests.inc({ route, method, status: String(status) });
    this.#answers.observe({ route }, ms);
  }

  error(): void {
    this.#errors.inc();
  }

  stop(): void {
    this.#loop.disable();
  }
}
