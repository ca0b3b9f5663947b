/** Framing of server-sent events (HTML standard, 9.2). */
import type { StreamEventName } from './messages';

export const RETRY_MS = 2000;
export const PING_MS = 15_000;
/** A client that has heard nothing for so long may take the line for dead. */
export const DEAD_MS = 45_000;

/** The first bytes of every stream: the reconnect delay, and a comment so that headers leave at once. */
export const PREAMBLE = `retry: ${RETRY_MS}\n: ingress-atlas\n\n`;

/** One event. `data` is JSON on one line; without `id` the client keeps its last position. */
export function frame(event: StreamEventName, data: string, id?: string): string {
  return `${head(event, id)}${data}\n\n`;
}

/** The part of an event that precedes its data, for data that is written in several pieces. */
export function head(event: StreamEventName, id?: string): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: `;
}
