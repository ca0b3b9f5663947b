/** `read-snapshot FILE`: says in one line why a file is no snapshot that can be shown. For the launcher, which knows no TypeScript. */
import { ConfigError } from '@/server/config';
import { readSnapshotFile } from '@/server/snapshots/file';

try {
  readSnapshotFile(process.argv[2] ?? '');
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
