// Preloaded into the launcher's children. Descriptor 3 is a pipe from the launcher: it closes when
// the launcher ends, however it ends (SIGKILL too), and then this process has no reason to live on.
import { Socket } from 'node:net';
import { isMainThread } from 'node:worker_threads';

function end() {
  process.kill(process.pid, 'SIGTERM');
  // For those whose own shutdown hangs.
  setTimeout(() => process.exit(1), 5_000).unref();
}

// Worker threads and forked processes inherit the preload, but neither the pipe nor the duty.
const isWatcher = isMainThread && process.env.ATLAS_PARENT_PIPE === '3';
delete process.env.ATLAS_PARENT_PIPE;

if (isWatcher) {
  const pipe = new Socket({ fd: 3, readable: true, writable: false });
  pipe.on('error', () => pipe.destroy());
  pipe.once('close', end);
  pipe.resume();
  pipe.unref();
}
