import 'server-only';
import { type Logger, pino } from 'pino';
import type { Config } from './config';

/** Values that must never stand in a log, wherever they are in what is logged. */
const REDACTED = [
  'authorization',
  'cookie',
  'token',
  'password',
  'key',
  'client-key-data',
  'client-certificate-data',
];

/**
 * One JSON line per event on standard error: standard output is for programs. No worker thread: a crash must not lose
 * the line that says why.
 */
export function createLogger({ logLevel }: Pick<Config, 'logLevel'>): Logger {
  const paths = REDACTED.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `headers["${name}"]`]);
  return pino(
    {
      level: logLevel,
      base: null,
      redact: { paths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: 2, sync: true }),
  );
}
