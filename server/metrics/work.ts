import 'server-only';
import { Histogram, type Registry } from 'prom-client';

/** Upper bounds of the classes of times, in ms. */
export const MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** How long the work for a cluster takes: checks, questions to DNS. */
export class WorkMetrics {
  readonly #runs: Histogram;
  readonly #lookups: Histogram<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#runs = new Histogram({
      name: 'atlas_check_run_milliseconds',
      help: 'Time that judging a batch of changes took: graph, checks, roll-up.',
      buckets: MS,
      registers,
    });
    this.#lookups = new Histogram({
      name: 'atlas_dns_lookup_milliseconds',
      help: 'Time until a DNS server had answered for a name, by outcome.',
      labelNames: ['outcome'],
      buckets: MS,
      registers,
    });
  }

  run(ms: number): void {
    this.#runs.observe(ms);
  }

  asked(outcome: string, ms: number): void {
    this.#lookups.observe({ outcome }, ms);
  }
}
