import 'server-only';

/** All waits of the watchers, in milliseconds unless said otherwise. Numbers follow client-go's reflector where it has one. */
export interface Timing {
  /** First and longest backoff; it doubles, with full jitter (client-go: 800 ms and 30 s). */
  readonly backoffFirst: number;
  readonly backoffMost: number;
  /** A watch that stood this long was healthy: the next failure backs off from the start again. */
  readonly healthyAfter: number;
  /** Bounds of the server's own end of a watch, in seconds; drawn at random, so that watches don't end together. */
  readonly watchSecondsLeast: number;
  readonly watchSecondsMost: number;
  /** Silence after which a watch is dead: bookmarks come about once a minute. */
  readonly watchIdle: number;
  /** No answer's head, or no byte of a list's body, for so long: given up. */
  readonly answerWithin: number;
  readonly forbiddenFirst: number;
  readonly forbiddenAgain: number;
  readonly absentAgain: number;
  /** A list without progress or a broken watch is `failing` after so long. */
  readonly failingAfter: number;
  /** After its first list a resource counts as looked at when its watch is open, or after so long. */
  readonly opensWithin: number;
  /** After so long without a byte from the server a small request asks whether it is still there. */
  readonly heartbeatAfter: number;
  readonly heartbeatWithin: number;
  /** A wait that took so much longer than it should: this machine has slept. */
  readonly sleptAfter: number;
  /** Longest wait before changes are handed on. */
  readonly batch: number;
  readonly secretMissingAgain: number;
  readonly secretPresentAgain: number;
  readonly configMapAgain: number;
  /** Version and API groups of the server are asked for anew after so long. */
  readonly serverAgain: number;
  /** A controller's log is read anew after so long; one that may not be read after the second. */
  readonly logAgain: number;
  readonly logRefusedAgain: number;
}

export const TIMING: Timing = {
  backoffFirst: 800,
  backoffMost: 30_000,
  healthyAfter: 120_000,
  watchSecondsLeast: 300,
  watchSecondsMost: 600,
  watchIdle: 90_000,
  answerWithin: 30_000,
  forbiddenFirst: 5_000,
  forbiddenAgain: 30_000,
  absentAgain: 60_000,
  failingAfter: 10_000,
  opensWithin: 250,
  heartbeatAfter: 10_000,
  heartbeatWithin: 5_000,
  sleptAfter: 20_000,
  batch: 25,
  secretMissingAgain: 5_000,
  secretPresentAgain: 60_000,
  configMapAgain: 30_000,
  serverAgain: 300_000,
  logAgain: 30_000,
  logRefusedAgain: 300_000,
};
