import 'server-only';
import { asApiError } from './api-error';
import { type Clock, sleep } from './clock';
import { type ConnectionTracker, HEARTBEAT } from './connection';
import type { KubeClient } from './kube-client';
import type { Timing } from './timing';

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
export async function runHeartbeat({
  client,
  clock,
  timing,
  tracker,
  signal,
  onBack,
}: HeartbeatOptions): Promise<void> {
  let lost = false;
  while (!signal.aborted) {
    // While it is lost, ask often: everyone else sits out a backoff until this hears something.
    await sleep(
      clock,
      lost
        ? Math.min(2_000, timing.heartbeatAfter)
        : timing.heartbeatAfter - Math.min(tracker.silence, timing.heartbeatAfter / 2),
      signal,
    );
    if (signal.aborted) return;
    const trouble =
      lost || tracker.current.connection === 'stale' || tracker.current.connection === 'unreachable';
    if (!trouble && tracker.silence < timing.heartbeatAfter) continue;
    try {
      await client.json('/version', { signal, answerWithin: timing.heartbeatWithin });
      if (trouble) onBack(lost);
      lost = false;
      tracker.report(HEARTBEAT, 'ok', '');
    } catch (thrown) {
      if (signal.aborted) return;
      const error = asApiError(thrown);
      // An answer, even a refusal, is a sign of life; what it means is for the watchers to say.
      lost = error.status === 0 && error.kind === 'unreachable';
      tracker.report(HEARTBEAT, lost ? 'failed' : 'ok', error.message);
    }
  }
}
