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
  const { signal, onBack } = options;
  let lost = false;
  while (!signal.aborted) {
    if (await hasSlept(untilNext(options, lost), options)) {
      // Connections may be dead, which nobody tells: all is asked over new ones rather than waited for.
      options.client.renew();
      onBack(true);
      lost = false;
      continue;
    }
    if (signal.aborted) return;
    lost = await ask(options, lost);
  }
}

/** Asks where nothing was heard for long or something is wrong; whether the server is lost. */
async function ask(options: HeartbeatOptions, lost: boolean): Promise<boolean> {
  const { timing, tracker, signal, onBack } = options;
  const trouble = lost || isLost(tracker);
  if (!trouble && tracker.silence < timing.heartbeatAfter) return false;
  const failure = await beat(options);
  if (signal.aborted) return lost;
  if (failure === null && trouble) onBack(lost);
  tracker.report(HEARTBEAT, failure === null ? 'ok' : 'failed', failure ?? '');
  return failure !== null;
}

function isLost({ current }: ConnectionTracker): boolean {
  return current.connection === 'stale' || current.connection === 'unreachable';
}

/** Waits; whether it took so much longer that this machine must have slept. */
async function hasSlept(wait: number, { clock, signal, timing }: HeartbeatOptions): Promise<boolean> {
  const began = timesOf(clock);
  await sleep(clock, wait, signal);
  return !signal.aborted && elapsed(began, timesOf(clock)) - wait > timing.sleptAfter;
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
