/** Lines of a controller's log → complaints, counted by pattern and object. */
import { maskSnippet, maskUrls } from '@/lib/kube/project/secrecy';
import type { LogComplaint } from '@/lib/state/facts';
import { type LogPattern, logPattern } from './log-patterns';

/** A longer line is looked at no further: what we match stands at its beginning. */
const LONGEST_LINE = 2_400;
const LONGEST_QUOTE = 300;

/** One line with its time. */
export interface LogLine {
  /** Epoch ms; null where neither the kubelet nor the program says it. */
  readonly at: number | null;
  /** Without the kubelet's timestamp. */
  readonly text: string;
}

const KUBELET = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /;
const KLOG = /^[IWEF](\d\d)(\d\d) (\d\d):(\d\d):(\d\d)/;
const NGINX = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d) /;
const FIELD =
  /^(?:time="|\{.{0,200}?"(?:time|ts|timestamp)":"|\[)(\d{4}-\d\d-\d\dT[\d:.]{8,20}(?:Z|[+-]\d\d:?\d\d))/;

/**
 * Splits a line of `GET …/log?timestamps=true`. Without the kubelet's timestamp the program's own counts: klog (no year:
 * that of `now`), nginx, logrus, JSON, Envoy. Times without zone are taken for UTC, as containers have it.
 */
export function readLine(line: string, now: number): LogLine {
  const whole = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line;
  const kubelet = KUBELET.exec(whole);
  if (kubelet) return { at: timeOf(kubelet[1] ?? ''), text: whole.slice(kubelet[0].length) };
  return { at: ownTime(whole, now), text: whole };
}

function ownTime(text: string, now: number): number | null {
  const klog = KLOG.exec(text);
  if (klog) {
    const [month = 0, day = 0, ...clock] = klog.slice(1).map(Number);
    const at = Date.UTC(
      new Date(now).getUTCFullYear(),
      month - 1,
      day,
      ...(clock as [number, number, number]),
    );
    // A line of New Year's Eve, read in January.
    return at > now + 86_400_000 ? at - 365 * 86_400_000 : at;
  }
  const nginx = NGINX.exec(text);
  if (nginx) {
    const [year = 0, month = 0, day = 0, ...clock] = nginx.slice(1).map(Number);
    return Date.UTC(year, month - 1, day, ...(clock as [number, number, number]));
  }
  const field = FIELD.exec(text);
  return field ? timeOf(field[1] ?? '') : null;
}

function timeOf(text: string): number | null {
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** A line as it may be shown: no control characters, no credentials, at most 300 characters. */
export function quoteLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours and the like of programs that log for a terminal
  const plain = text.replace(/\u001b\[[\d;]*m/g, '').replace(/[\u0000-\u001f\u007f]/g, ' ');
  const masked = maskSnippet(maskUrls(withoutQuery(plain)));
  return masked.length > LONGEST_QUOTE ? `${masked.slice(0, LONGEST_QUOTE - 1)}…` : masked;
}

const HEADER =
  /^(?:[IWEF]\d{4} [^\]]{1,120}\] |\d{4}\/\d\d\/\d\d [\d:]{8} \[\w+\] (?:\d+#\d+: (?:\*\d+ )?)?)/;

/** A quoted line without time and place, for a sentence. */
export function saying(line: string): string {
  const plain = line
    .replace(HEADER, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[\s:]+$/, '');
  return `“${plain || '…'}”`;
}

/** Requests carry tokens in their query. */
function withoutQuery(text: string): string {
  return text.replace(/(\?)[^\s"']{1,2000}/g, '$1…');
}

/** The complaint that a line is; null for all others. */
export function complaintOf(
  { at, text }: LogLine,
  patterns: readonly LogPattern[],
  pod: string,
  now: number,
): LogComplaint | null {
  for (const pattern of patterns) {
    const match = pattern.match.exec(text);
    if (!match) continue;
    const time = at ?? now;
    return {
      pattern: pattern.id,
      object: (match.groups?.o ?? '').slice(0, 512),
      line: quoteLine(text),
      pod,
      count: 1,
      first: time,
      last: time,
    };
  }
  return null;
}

/** Complaints of one controller by pattern and object: what has not been said for a while is forgotten. */
export class ComplaintBook {
  readonly #entries = new Map<string, LogComplaint>();
  readonly #keepMs: number;
  readonly #most: number;

  constructor(keepMs: number, most: number) {
    this.#keepMs = keepMs;
    this.#most = most;
  }

  add(found: LogComplaint): void {
    if (logPattern(found.pattern)?.family === 'reload-done') {
      this.#forgetFailures(found);
      return;
    }
    const key = `${found.pattern}\n${found.object}`;
    const before = this.#entries.get(key);
    // Where a log is full of different names the first ones must do.
    if (!before && this.#entries.size >= this.#most) return;
    if (!before) {
      this.#entries.set(key, found);
      return;
    }
    const newest = found.last >= before.last ? found : before;
    this.#entries.set(key, {
      ...newest,
      count: before.count + found.count,
      first: Math.min(before.first, found.first),
      last: newest.last,
    });
  }

  #forgetFailures({ pod, last }: LogComplaint): void {
    for (const [key, entry] of this.#entries) {
      const failed = logPattern(entry.pattern)?.family === 'reload-failed';
      if (failed && entry.pod === pod && entry.last <= last) this.#entries.delete(key);
    }
  }

  /** What stands at the time `now` (epoch ms), by pattern and then object. */
  at(now: number): readonly LogComplaint[] {
    for (const [key, entry] of this.#entries) if (entry.last < now - this.#keepMs) this.#entries.delete(key);
    return [...this.#entries.values()].sort(byKey);
  }
}

function byKey(a: LogComplaint, b: LogComplaint): number {
  if (a.pattern !== b.pattern) return a.pattern < b.pattern ? -1 : 1;
  return a.object < b.object ? -1 : a.object > b.object ? 1 : 0;
}
