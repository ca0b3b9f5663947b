import 'server-only';
import { quoteLine, readLine } from '@/lib/controllers/log-lines';
import type { CrashFact } from '@/lib/state/facts';
import type { LogAnswer } from './pod-log';

/** What a crashed container said last, masked; null where nothing is known this time. */
export function crashFactOf(answer: LogAnswer, container: string): CrashFact | null {
  if (answer.state === 'nothing') return null;
  if (answer.state === 'unreadable')
    return { state: 'unreadable', reason: answer.reason, container, lines: [] };
  const lines = answer.lines.map((line) => quoteLine(readLine(line, 0).text)).filter((line) => line !== '');
  return { state: 'read', reason: '', container, lines };
}
