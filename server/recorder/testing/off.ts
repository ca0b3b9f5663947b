import { pino } from 'pino';
import { Recorder } from '@/server/recorder/recorder';
import { DEFAULT_RETENTION } from '@/server/recorder/retention';

/** A recorder that keeps nothing: for tests of what does not ask it. */
export function offRecorder(): Recorder {
  return new Recorder({
    url: 'off',
    retention: DEFAULT_RETENTION,
    cluster: 'test',
    log: pino({ level: 'silent' }),
  });
}
