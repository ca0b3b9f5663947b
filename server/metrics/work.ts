import 'server-only';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Answered } from '@/server/http/answered';

const MS = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000];

/** How long the work takes that others ask for or that others make wait: checks, questions to DNS, answers of the API. */
export class WorkMetrics {
  readonly #runs: Histogram;
  readonly #lookups: Histogram<'outcome'>;
  readonly #requests: Counter<'route' | 'method' | 'status'>;
  readonly #answers: Histogram<'route'>;

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
    this.#requests = new Counter({
      name: 'atlas_http_requests_total',
      help: 'Answers of the API; 429 and 503 are those who asked too much.',
      labelNames: ['route', 'method', 'status'],
      registers,
    });
    this.#answers = new Histogram({
      name: 'atlas_http_answer_milliseconds',
      help: 'Time until an answer of the API began.',
      labelNames: ['route'],
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

  answered({ route, method, status, ms }: Answered): void {
    this.#requests.inc({ route, method, status: String(status) });
    this.#answers.observe({ route }, ms);
  }
}
