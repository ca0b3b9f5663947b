import 'server-only';
import { asApiError } from './api-error';
import { type Clock, sleep } from './clock';
import { type ConnectionTracker, HEARTBEAT } from './connection';
import type { KubeClient } from './kube-client';
import type { Timing } from './timing';

/** Milliseconds between two questions to a server that is lost. */
const LOST_AGAIN = 2_000;

export interface HeartbeatOptions {
  readonly client: KubeClient;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly tracker: ConnectionTracker;
  readonly signal: AbortSignal;
  /** The server answers again after it did not; `cut`: nothing at all had come through. */
  readonly onBack: (cut: boolean) => void;
}

/**
 * Asks a silent server whether it is there: a quiet cluster and a cut cable look the same for the minute and a half
 * until bookmarks are missed. `/version` is open to everybody by Kubernetes' default roles, and any answer will do.
 */
export async function runHeartbeat(options: HeartbeatOptions): Promise<void> {
  const { clock, timing, tracker, signal, onBack } = options;
  let lost = false;
  while (!signal.aborted) {
    const wait = untilNext(options, lost);
    const began = timesOf(clock);
    await sleep(clock, wait, signal);
    if (signal.aborted) return;
    if (elapsed(began, timesOf(clock)) - wait > timing.sleptAfter) {
      // Connections may be dead, which nobody tells: all is asked over new ones rather than waited for.
      options.client.renew();
      onBack(true);
      lost = false;
      continue;
    }
    const trouble =
      lost || tracker.current.connection === 'stale' || tracker.current.connection === 'unreachable';
    if (!trouble && tracker.silence < timing.heartbeatAfter) continue;
    const failure = await beat(options);
    if (signal.aborted) return;
    if (failure === null && trouble) onBack(lost);
    lost = failure !== null;
    tracker.report(HEARTBEAT, lost ? 'failed' : 'ok', failure ?? '');
  }
}

type Times = readonly number[];

function timesOf(clock: Clock): Times {
  return [clock.uptime?.() ?? 0, clock.monotonic()];
}

/**
 * How long it was. While a machine sleeps, Linux lets only the uptime go on, other systems both; the clock on the wall says
 * nothing, for somebody may have set it.
 */
function elapsed(from: Times, to: Times): number {
  return Math.max(...to.map((time, i) => time - (from[i] ?? time)));
}

/** While the server is lost we ask often: everyone else sits out a backoff until this hears something. */
function untilNext({ timing: { heartbeatAfter }, tracker }: HeartbeatOptions, lost: boolean): number {
  if (lost) return Math.min(LOST_AGAIN, heartbeatAfter);
  return heartbeatAfter - Math.min(tracker.silence, heartbeatAfter / 2);
}

/** Why nothing came back, or null. Any answer, even a refusal, is a sign of life; what it means the watchers say. */
async function beat({ client, timing, signal }: HeartbeatOptions): Promise<string | null> {
  try {
    await client.json('/version', { signal, answerWithin: timing.heartbeatWithin });
    return null;
  } catch (thrown) {
    const error = asApiError(thrown);
    return error.status === 0 && error.kind === 'unreachable' ? error.message : null;
  }
}
