import 'server-only';
import type { Level, Logger } from 'pino';

/** One answer of the API, as logs and metrics may know it: nothing of it names an object of the cluster. */
export interface Answered {
  readonly requestId: string;
  readonly method: string;
  /** See `routeName`. */
  readonly route: string;
  readonly status: number;
  /** Until the answer began; a stream's end is not waited for. */
  readonly ms: number;
}

/** Who was kept out, or asked too much. */
const REFUSALS = new Set([401, 403, 421, 429]);

/** Writes a line: what changed something, what was refused and what failed is seen by default, what was only read is not. */
export function logAnswer(log: Logger, answer: Answered): void {
  log[levelOf(answer)]({ ...answer, ms: Math.round(answer.ms) }, 'answered');
}

function levelOf({ method, status }: Answered): Level {
  if (status >= 500 && status !== 503) return 'warn';
  if (REFUSALS.has(status)) return 'info';
  return method === 'GET' || method === 'HEAD' || status >= 400 ? 'debug' : 'info';
}
